import { CacheError } from "@cache/core";
import { parseDuration } from "@cache/core/adapter";
import type { SigningKey } from "@cache/core/keyring";
import { readKeyringFile } from "@cache/core/keyring-file";
import type { Given, Invocation } from "../command.ts";
import { keyringFileOptions } from "../keyring-source.ts";
import { UsageError } from "../usage-error.ts";

/** The root that signs, from its private file and nowhere else. */
export async function rootOf(invocation: Invocation): Promise<SigningKey> {
  const path = invocation.given.text("root-file");
  if (path === undefined || path === "")
    throw new UsageError("no root is named", "give --root-file FILE; cache keys new --type ed25519 makes one");
  const { primarySigner } = await readKeyringFile(path, await keyringFileOptions(invocation, path));
  if (primarySigner === undefined)
    throw new CacheError("ERR_CACHE_KEY_TYPE", "the root file has no Ed25519 secret key");
  return primarySigner;
}

/** From when until when something that a root signs is believed. Its end is always said. */
export function timesOf(given: Given): { readonly created: number; readonly expires: number } {
  const text = given.text("expires");
  if (text === undefined) throw new UsageError("nothing is signed without an end", "give --expires, such as 30d");
  const created = Date.now();
  return { created, expires: created + parseDuration(text) };
}
