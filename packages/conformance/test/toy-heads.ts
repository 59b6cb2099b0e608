import { CacheError, type Opened, type SealContext, type SealedMetadata } from "@cache/core";
import { concat, pae, toHex, utf8 } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import { broken, masked, type Quirks } from "./toy-chunks.ts";
import { type ToyKey, toyKeyId } from "./toy-signer.ts";

const MAGIC = utf8("TOYSEAL1");
const CLEAR = 8 + 16 + 24;
const META = 32 + 8 + 32 + 24;
/** Length of a head. */
export const HEAD: number = CLEAR + META + 32;

/** What a head holds. */
export interface Head {
  readonly bodyKey: Uint8Array;
  readonly size: number;
  readonly digest: Uint8Array;
  readonly metadata: SealedMetadata;
}

/** Heads of the toy. */
export interface ToyHeads {
  sealHead(context: SealContext, head: Head): Uint8Array;
  openHead(context: SealContext, bytes: Uint8Array): Opened<Head>;
  lookUp(prefix: Uint8Array): ToyKey | undefined;
  claims(prefix: Uint8Array): boolean;
}

/** Heads under these keys, of which the first writes. */
export function toyHeads(keys: readonly ToyKey[], quirks: Quirks): ToyHeads {
  const { secret } = keys[0] as ToyKey;
  const random = quirks.random ?? crypto.random;
  const bind = quirks.bind ?? ((context: SealContext) => context);

  function proofOf(master: Uint8Array, context: SealContext, bytes: Uint8Array): Uint8Array {
    const { namespace, kind, key } = bind(context);
    return crypto.hmac("sha256", master, pae("head", namespace, kind, key, bytes));
  }

  function sealHead(context: SealContext, head: Head): Uint8Array {
    const { created, expires, sequence } = head.metadata;
    const numbers = new DataView(new ArrayBuffer(32));
    [head.size, created, expires, sequence].forEach((number, at) => void numbers.setBigUint64(at * 8, BigInt(number)));
    const plain = concat(head.bodyKey, new Uint8Array(numbers.buffer), head.digest);
    const clear = concat(MAGIC, toyKeyId(secret), random(24));
    const bytes = concat(clear, masked(concat(secret, clear), 0, plain, quirks));
    return concat(bytes, proofOf(secret, context, bytes));
  }

  function lookUp(prefix: Uint8Array): ToyKey | undefined {
    const id = toHex(prefix.subarray(8, 24));
    return keys.find((key) => toHex(toyKeyId(key.secret)) === id);
  }

  function claims(prefix: Uint8Array): boolean {
    return prefix.length >= 24 && toHex(prefix.subarray(0, 8)) === toHex(MAGIC);
  }

  function openHead(context: SealContext, bytes: Uint8Array): Opened<Head> {
    if (bytes.length < HEAD || !claims(bytes)) throw new CacheError("ERR_CACHE_FORMAT", "not a toy");
    const key = lookUp(bytes);
    if (key === undefined) return { verdict: "foreign", code: "ERR_CACHE_UNKNOWN_KEY" };
    if (key.state === "revoked") return { verdict: "foreign", code: "ERR_CACHE_REVOKED_KEY" };
    const signed = bytes.slice(0, CLEAR + META);
    const tag = bytes.slice(CLEAR + META, HEAD);
    if (quirks.skipHeadTag !== true && !crypto.equal(proofOf(key.secret, context, signed), tag)) throw broken();
    const plain = masked(concat(key.secret, bytes.slice(0, CLEAR)), 0, signed.slice(CLEAR), quirks);
    const numbers = new DataView(plain.buffer, 32, 32);
    const number = (at: number) => Number(numbers.getBigUint64(at * 8));
    const digest = plain.slice(64, 96);
    if (quirks.skipDigest !== true && context.kind === "blobs" && !crypto.equal(digest, context.key)) throw broken();
    const bodyKey = quirks.bodyFromContext === true ? crypto.sha256(pae(context.namespace)) : plain.slice(0, 32);
    return {
      verdict: "opened",
      keyId: toyKeyId(key.secret),
      retired: key.state === "retired",
      bodyKey,
      size: number(0),
      digest,
      metadata: { created: number(1), expires: number(2), sequence: number(3) },
    };
  }

  return { sealHead, openHead, lookUp, claims };
}
