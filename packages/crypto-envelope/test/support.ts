import type { Opened, ReadRange, SealContext, SealedMetadata, Sealer } from "@cache/core";
import { concat, fromHex, utf8 } from "@cache/core/bytes";
import { type CryptoProvider, crypto as nodeCrypto } from "@cache/core/crypto";
import { crypto as nobleCrypto } from "@cache/core/crypto/portable";
import { Keyring, MasterKey } from "@cache/core/keyring";
import { aead as nodeAead } from "#aead";
import { aead as nobleAead } from "../src/aead/portable.ts";
import type { Aead } from "../src/hazmat.ts";
import { sealerWith } from "../src/sealer.ts";

export const bytes = (hex: string): Uint8Array => fromHex(hex) as Uint8Array;

export const range = (from: number, length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => from + i);

/** Byte j is j mod 251. */
export function pattern(length: number): Uint8Array {
  const out = new Uint8Array(length);
  for (let j = 0; j < length; j++) out[j] = j % 251;
  return out;
}

/** The bytes with one bit flipped. */
export function flipped(data: Uint8Array, at: number, bit = at % 8): Uint8Array {
  const out = data.slice();
  out[at] = (out[at] as number) ^ (1 << bit);
  return out;
}

/** Every pair of providers. */
export const providers = [nodeCrypto, nobleCrypto].flatMap((crypto) =>
  [nodeAead, nobleAead].map((aead) => ({ crypto, aead, name: `${crypto.name} hashes, ${aead.name} AEAD` })),
);

export const native = { crypto: nodeCrypto, aead: nodeAead };

/** The master of the known answers. */
export const master: MasterKey = MasterKey.import(range(0, 32));
export const keyring: Keyring = Keyring.of(master);
export const sealer: Sealer = sealerWith(native, keyring);

export const metadata: SealedMetadata = { created: 1_700_000_000_000, expires: 0, sequence: 0 };

export const blob = (content: Uint8Array, namespace = "builds"): SealContext => ({
  namespace,
  kind: "blobs",
  key: nodeCrypto.sha256(content),
});

export const entry = (key: string, namespace = "builds"): SealContext => ({
  namespace,
  kind: "entries",
  key: utf8(key),
});

/** A provider whose random bytes are these, one after another. */
export function scripted(crypto: CryptoProvider, ...script: readonly Uint8Array[]): CryptoProvider {
  let rest = concat(...script);
  return {
    ...crypto,
    random(length) {
      if (rest.byteLength < length) throw new Error("the script has no more random bytes");
      const taken = rest.slice(0, length);
      rest = rest.subarray(length);
      return taken;
    },
  };
}

/** Counts what a suite is asked for. */
export function spied(aead: Aead): { aead: Aead; opens: () => number } {
  let opens = 0;
  const open: Aead["open"] = (...args) => {
    opens += 1;
    return aead.open(...args);
  };
  return { aead: { ...aead, open }, opens: () => opens };
}

export const sealWith = (aead: Aead, key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array): Uint8Array => {
  const out = new Uint8Array(plaintext.byteLength + 16);
  aead.seal(key, nonce, plaintext, out);
  return out;
};

export async function* inPieces(data: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < data.length; at += length) yield data.subarray(at, at + length);
}

/** Reads a buffer by offset, as a store would. */
export const reader =
  (data: Uint8Array, piece = 50_000): ReadRange =>
  async (start, end) =>
    inPieces(data.subarray(start, end), piece);

export async function joined(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const piece of pieces) parts.push(piece);
  return concat(...parts);
}

/** What opened; anything else fails the test. */
export function opened<T>(answer: Opened<T> | undefined): Extract<Opened<T>, { verdict: "opened" }> {
  if (answer?.verdict !== "opened") throw new Error(`it is ${answer?.code ?? "absent"}`);
  return answer as Extract<Opened<T>, { verdict: "opened" }>;
}

export const codeOf = (error: unknown): string => (error as { code?: string }).code ?? String(error);

/** How opening ends: "opened", or the code of the verdict or the error. */
export function outcome(context: SealContext, sealed: Uint8Array, by: Sealer = sealer): string {
  try {
    const answer = by.open(context, sealed);
    return answer.verdict === "opened" ? "opened" : answer.code;
  } catch (error) {
    return codeOf(error);
  }
}

/** As {@link outcome}, by stream, read to its end. */
export async function streamOutcome(context: SealContext, sealed: Uint8Array, by: Sealer = sealer): Promise<string> {
  try {
    const answer = await by.openStream(context, reader(sealed), sealed.byteLength);
    if (answer?.verdict !== "opened") return answer?.code ?? "absent";
    for await (const _ of answer.content);
    return "opened";
  } catch (error) {
    return codeOf(error);
  }
}

/** Seals content as a stream and gives the whole envelope. */
export async function sealedByStream(content: AsyncIterable<Uint8Array>, by: Sealer = sealer) {
  const stream = by.sealStream("builds", content, metadata);
  const body = await joined(stream.body);
  const finished = stream.finish();
  return { ...finished, sealed: concat(finished.head, body) };
}

/** Equality of large byte strings without a report of all of them. */
export const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
