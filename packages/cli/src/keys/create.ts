import { toHex } from "@cache/core/bytes";
import { addKey, Keyring } from "@cache/core/keyring";
import { createKeyringFile } from "@cache/core/keyring-file";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { permissionsOf } from "../keyring-source.ts";
import { writeJson, writeLine } from "../output.ts";
import { givenProtection } from "../passphrase/source.ts";
import { pathArgument } from "../path-argument.ts";
import { UsageError } from "../usage-error.ts";
import { keyringFileOf, noMore, shortId } from "./file.ts";
import { newKey } from "./new-key.ts";

function alreadyThere(error: unknown): boolean {
  const { cause } = error as { cause?: { code?: unknown } };
  return cause?.code === "EEXIST";
}

/** `cache keys new`. */
export async function newKeyring(invocation: Invocation, rest: readonly string[]): Promise<number> {
  noMore(rest);
  const path = pathArgument(await keyringFileOf(invocation), "the keyring file");
  const key = await newKey(invocation);
  try {
    // A file of a passphrase that was given is protected from its first byte on.
    const protection = await givenProtection(invocation, permissionsOf(invocation).permissions);
    await createKeyringFile(path, addKey(Keyring.of(), key), { protection });
  } catch (error) {
    if (!alreadyThere(error)) throw error;
    throw new UsageError("the keyring file exists already", "add a key to it with cache keys add");
  }
  if (invocation.given.flag("json")) await writeJson({ added: [toHex(key.id)] });
  else await writeLine(`made a keyring file with ${key.type} ${shortId(key.id)}`);
  return EXIT.ok;
}
