import { CacheError } from "@cache/core";
import { toHex, utf8 } from "@cache/core/bytes";
import { exportPem, type KeyEntry, type SigningKey, type VerifyingKey } from "@cache/core/keyring";
import { readKeyringFile } from "@cache/core/keyring-file";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { keyringFileOptions } from "../keyring-source.ts";
import { write, writeJson, writeLine } from "../output.ts";
import { type OutputPath, outputPath, publishOutput } from "../output-file.ts";
import { UsageError } from "../usage-error.ts";
import { findKey, keyringFileOf, noMore, shortId } from "./file.ts";

/** The half of a key that was asked for. */
function asked({ key, type, status }: KeyEntry, secret: boolean): SigningKey | VerifyingKey {
  if (type === "master" || key?.type === "master")
    throw new CacheError("ERR_CACHE_KEY_TYPE", "a master key has no PEM form; only Ed25519 keys have one");
  if (key === undefined) throw new CacheError("ERR_CACHE_REVOKED_KEY", `the key is ${status}, and gone`);
  if (secret && key.type === "ed25519-public")
    throw new CacheError("ERR_CACHE_KEY_TYPE", "the keyring has only the public half of this key");
  return key.type === "ed25519-secret" && !secret ? key.publicKey : key;
}

/** A secret goes into a file that only its owner reads, whatever was there; never where a log or a person could see it. */
async function secretPath(given: string | undefined): Promise<OutputPath> {
  const output = await outputPath(given);
  if (output === undefined) throw new UsageError("a secret key is written to a file only", "give -o FILE");
  return { ...output, mode: 0o600 };
}

/** `cache keys export`. */
export async function exportKey(invocation: Invocation, [prefix, ...rest]: readonly string[]): Promise<number> {
  noMore(rest);
  const { given } = invocation;
  if (!given.flag("pem")) throw new UsageError("export needs the form to write", "give --pem");
  const secret = given.flag("secret");
  const output = await (secret ? secretPath : outputPath)(given.text("output"));
  const path = await keyringFileOf(invocation);
  const entry = findKey(await readKeyringFile(path, await keyringFileOptions(invocation, path)), prefix);
  const pem = exportPem(asked(entry, secret));
  const id = toHex(entry.id);
  if (output === undefined) await (given.flag("json") ? writeJson({ id, pem }) : write(pem));
  else {
    await publishOutput(output, [utf8(pem)]);
    if (given.flag("json")) await writeJson({ id, path: output.path });
    else await writeLine(`wrote the ${secret ? "secret" : "public"} key ${shortId(entry.id)}`);
  }
  return EXIT.ok;
}
