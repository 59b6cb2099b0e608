import { readFileSync } from "node:fs";
import { toHex } from "@cache/core/bytes";
import type { Keyring } from "@cache/core/keyring";
import { sealer } from "@cache/crypto-envelope";
import { entryPath } from "../attacks/scene.ts";
import { openCache } from "../caches.ts";
import { censusOf } from "../census.ts";
import type { SourceFile } from "../files.ts";
import type { KeyPair } from "./keyrings.ts";

/** Whether a file's entry was sealed and signed by these keys: by the clear head of its file, and by its signature. */
export async function isMadeBy(
  directory: string,
  keyring: Keyring,
  file: SourceFile,
  { master, signer }: KeyPair,
): Promise<boolean> {
  const path = await entryPath({ directory, keyring, files: [file], onEvent: () => {} }, file);
  const sealed = sealer(keyring).inspect(new Uint8Array(readFileSync(path)));
  const cache = openCache(directory, keyring);
  const found = await cache.lookup(censusOf(cache).keyOf(file));
  if (sealed === undefined || found.state !== "hit") return false;
  return toHex(sealed.keyId) === toHex(master.id) && found.signedBy === toHex(signer.id);
}
