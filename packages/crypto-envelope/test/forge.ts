import type { SealContext } from "@cache/core";
import { concat, pae, utf8 } from "@cache/core/bytes";
import type { MasterKey } from "@cache/core/keyring";
import { sealMessage } from "../src/hazmat.ts";
import { bytes, master, native, range } from "./support.ts";

/** Fields of the metadata as a key holder may write them, sound or not; numbers are of 64 bits. */
export interface Fields {
  readonly size: bigint;
  readonly digest: Uint8Array;
  readonly created: bigint;
  readonly expires: bigint;
  readonly sequence: bigint;
  /** The length that is stated of the user metadata. */
  readonly userLength: number;
  readonly user: Uint8Array;
}

/** Fields that tell the truth of a content. */
function truth(content: Uint8Array): Fields {
  const digest = native.crypto.sha256(content);
  const user = new Uint8Array(0);
  const created = 1_700_000_000_000n;
  return { size: BigInt(content.length), digest, created, expires: 0n, sequence: 0n, userLength: 0, user };
}

const BODY_KEY = range(0x60, 32);

function metadataBytes({ size, digest, created, expires, sequence, userLength, user }: Fields): Uint8Array {
  const out = new Uint8Array(98);
  const view = new DataView(out.buffer);
  out.set(BODY_KEY);
  view.setBigUint64(32, size);
  out.set(digest, 40);
  for (const [at, value] of [
    [72, created],
    [80, expires],
    [88, sequence],
  ] as const)
    view.setBigUint64(at, value);
  view.setUint16(96, userLength);
  return concat(out, user);
}

/**
 * An envelope of suite 1 by a key holder who may lie: all of its tags hold. Written from the format document and not
 * with the sources under test, except for the messages, which have vectors of their own.
 */
export function forge(
  context: SealContext,
  content: Uint8Array,
  fields: Partial<Fields> = {},
  { key = master, keyId = key.id }: { key?: MasterKey; keyId?: Uint8Array } = {},
): Uint8Array {
  const primitives = { crypto: native.crypto, aead: native.aead.suite(1) };
  const plain = metadataBytes({ ...truth(content), ...fields });
  const prefix = concat(bytes("8943454e560d0a1a01010000"), new Uint8Array(4), keyId);
  new DataView(prefix.buffer).setUint32(12, 56 + plain.length + 16);
  const kind = Uint8Array.of(context.kind === "blobs" ? 1 : 2);
  const bound = pae("cache/v1/envelope/meta", prefix, context.namespace, kind, context.key);
  return concat(
    prefix,
    sealMessage(primitives, key.subkey("envelope"), bound, plain),
    sealMessage(primitives, BODY_KEY, utf8("cache/v1/envelope/body"), content),
  );
}
