import { CacheError, isCacheError } from "@cache/core";
import { fromUtf8, toHex } from "@cache/core/bytes";
import { addKey, importPem, isPem, type Key, type Keyring, parseKeyring } from "@cache/core/keyring";
import { updateKeyringFile } from "@cache/core/keyring-file";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { withHint } from "../failure.ts";
import { readInput } from "../input.ts";
import { keyringFileOptions } from "../keyring-source.ts";
import { note, writeJson, writeLine } from "../output.ts";
import { UsageError } from "../usage-error.ts";
import { keyringFileOf, noMore, shortId } from "./file.ts";
import { newKey, typeOf } from "./new-key.ts";

/** As long as a keyring file may be. */
const MOST_BYTES = 262_144;

async function givenKeys(invocation: Invocation, file: string | undefined): Promise<readonly Key[]> {
  const { given } = invocation;
  if (file === undefined) return [await newKey(invocation)];
  if (typeOf(invocation) !== undefined || given.text("seed-file") !== undefined)
    throw new UsageError("--type and --seed-file are for a new key, and keys were given");
  if (file.startsWith("cachek1."))
    throw new UsageError(
      "keys are not taken from the command line",
      "give a file, or - for standard input; that key is to be replaced",
    );
  const bytes = await readInput(file, MOST_BYTES, "a list of keys is smaller");
  const text = textOf(bytes);
  bytes.fill(0);
  if (isPem(text)) return [pemKey(text)];
  return parseKeyring(text).entries.flatMap(({ key }) => (key === undefined ? [] : [key]));
}

function pemKey(text: string): Key {
  try {
    return importPem(text);
  } catch (error) {
    if (isCacheError(error, "ERR_CACHE_PASSPHRASE"))
      throw withHint(error, "openssl pkey -in FILE asks for its passphrase");
    throw error;
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes);
  } catch {
    throw new CacheError("ERR_CACHE_KEY_FORMAT", "the keys are not UTF-8 text");
  }
}

const isSigned = ({ entries }: Keyring): boolean => entries.some(({ type }) => type !== "master");

/** `cache keys add`. */
export async function addKeys(invocation: Invocation, [file, ...rest]: readonly string[]): Promise<number> {
  noMore(rest);
  const path = await keyringFileOf(invocation);
  const keys = await givenKeys(invocation, file);
  let signs = false;
  const add = (keyring: Keyring): Keyring => {
    const added = keys.reduce(addKey, keyring);
    signs = isSigned(added) && !isSigned(keyring) && keyring.primary !== undefined;
    return added;
  };
  await updateKeyringFile(path, add, await keyringFileOptions(invocation, path));
  if (signs) note("from now on entries are signed with Ed25519; what the master key signed is no longer believed");
  if (invocation.given.flag("json")) await writeJson({ added: keys.map(({ id }) => toHex(id)) });
  else for (const { id, type } of keys) await writeLine(`added ${type} ${shortId(id)}`);
  return EXIT.ok;
}
