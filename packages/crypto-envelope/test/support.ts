import type { Sealer } from "@cache/core";
import { fromHex } from "@cache/core/bytes";
import { crypto as nodeCrypto } from "@cache/core/crypto";
import { crypto as nobleCrypto } from "@cache/core/crypto/portable";
import { Keyring, MasterKey } from "@cache/core/keyring";
import { aead as nodeAead } from "../src/aead/node.ts";
import { aead as nobleAead } from "../src/aead/portable.ts";

export const bytes = (hex: string): Uint8Array => fromHex(hex) as Uint8Array;

export const range = (from: number, length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => from + i);

/** The master of the known answers. */
export const master: MasterKey = MasterKey.import(range(0, 32));
export const keyring: Keyring = Keyring.of(master);

/** Byte j is j mod 251. */
export const pattern = (length: number): Uint8Array => Uint8Array.from({ length }, (_, j) => j % 251);

/** Every pair of providers. */
export const providers = [nodeCrypto, nobleCrypto].flatMap((crypto) =>
  [nodeAead, nobleAead].map((aead) => ({ crypto, aead, name: `${crypto.name} hashes, ${aead.name} AEAD` })),
);

/** Reads a buffer by offset, as a store would. */
export const reader = (data: Uint8Array) => async (start: number, end: number) =>
  (async function* () {
    yield data.slice(start, end);
  })();

export async function* inPieces(data: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < data.length; at += length) yield data.subarray(at, at + length);
}

export const metadata = { created: 1_700_000_000_000, expires: 0, sequence: 0 };

/** The content of what opened; anything else fails the test. */
export function contentOf(opened: ReturnType<Sealer["open"]>): Uint8Array {
  if (opened.verdict !== "opened") throw new Error(`it is ${opened.code}`);
  return opened.content;
}
