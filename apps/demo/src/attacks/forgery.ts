import { copyFileSync } from "node:fs";
import { isCacheError, type Signer } from "@cache/core";
import { Keyring, SigningKey } from "@cache/core/keyring";
import { ed25519Signer, hmacSigner } from "@cache/signer";
import { freshKeyring, openCache } from "../caches.ts";
import { censusOf } from "../census.ts";
import type { SourceFile } from "../files.ts";
import { type Attack, entryPath, look, type Scene, target } from "./scene.ts";

/** What every forger wants the program to believe. */
const LIE = { result: { digest: "0".repeat(64), lines: 1, brotli: new Uint8Array([66, 65, 68]) } };

/** An entry of a stranger's cache is copied over one of the owner's. */
export const foreign: Attack = {
  title: "plant a foreign entry",
  deed: "makes an entry for the same input in a cache with other keys and copies it over the owner's",
  promise: "an entry is believed for the key that made it, and this one nobody trusts",
  expected: ["rejected ERR_CACHE_UNKNOWN_KEY"],
  async perform(scene) {
    const file = target(scene, 10);
    const directory = `${scene.directory}.foreign`;
    const strange: Scene = { ...scene, directory, keyring: freshKeyring() };
    const cache = openCache(directory, strange.keyring);
    await cache.set(censusOf(cache).keyOf(file), LIE);
    copyFileSync(await entryPath(strange, file), await entryPath(scene, file));
    return { seen: [await look(scene, file)] };
  },
};

/** The keys of a reader: the sealing keys, and the public halves of the signing keys. */
function readersKeyring(keyring: Keyring): Keyring {
  const keys = keyring.entries.flatMap(({ key }) => (key === undefined ? [] : [key]));
  return Keyring.of(...keys.map((key) => (key.type === "ed25519-secret" ? key.publicKey : key)));
}

/** Writes the lie with a reader's sealing key and some signer, or none. */
async function forge(scene: Scene, file: SourceFile, sign: Signer | null): Promise<string> {
  const cache = openCache(scene.directory, readersKeyring(scene.keyring), { sign });
  await cache.set(censusOf(cache).keyOf(file), LIE);
  return look(scene, file);
}

/** A reader may read, and not write. */
export const readerWrites: Attack = {
  title: "write as a reader",
  deed: "holds the sealing key and the public key, as a pull-request job would, and tries to store a result",
  promise: "a public key verifies and cannot sign; nothing is stored",
  expected: ["hit", "hit"],
  async perform(scene) {
    const file = target(scene, 11);
    const keyring = readersKeyring(scene.keyring);
    const read = await look({ ...scene, keyring }, file);
    const cache = openCache(scene.directory, keyring);
    const refusal: unknown = await cache.set(censusOf(cache).keyOf(file), LIE).catch((error: unknown) => error);
    const proofs = [
      { claim: "the attempt is refused with ERR_CACHE_READ_ONLY", holds: isCacheError(refusal, "ERR_CACHE_READ_ONLY") },
    ];
    return { seen: [read, await look(scene, file)], proofs };
  },
};

/** A reader who wants to write all the same has the seal, and no signature that counts. */
export const readerForges: Attack = {
  title: "forge with a reader's keys",
  deed: "seals a lie with the shared key and signs it (1) with a key pair of its own, (2) with HMAC under the shared key, (3) not at all",
  promise: "a cache that asks for Ed25519 signatures takes no other proof, however well it is sealed",
  expected: ["rejected ERR_CACHE_UNKNOWN_KEY", "rejected ERR_CACHE_UNKNOWN_KEY", "rejected ERR_CACHE_UNKNOWN_KEY"],
  async perform(scene) {
    const reader = readersKeyring(scene.keyring);
    const signers = [ed25519Signer({ identity: SigningKey.generate() }), hmacSigner(reader), null];
    const seen: string[] = [];
    for (const [index, sign] of signers.entries()) seen.push(await forge(scene, target(scene, 12 + index), sign));
    return { seen };
  },
};
