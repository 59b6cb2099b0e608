import { createCipheriv } from "node:crypto";

/**
 * AES-256-GCM ciphertexts that two keys open. GHASH is linear: with one block of the ciphertext left free, the tags under
 * both keys are two linear equations in it, and it is solved for so that they agree (NIST SP 800-38D, section 6).
 */

const REDUCTION = 0xe1n << 120n;

/** Multiplication in GF(2^128) in GCM's order of bits. */
function multiply(x: bigint, y: bigint): bigint {
  let product = 0n;
  let shifted = y;
  for (let bit = 127n; bit >= 0n; bit--) {
    if ((x >> bit) & 1n) product ^= shifted;
    shifted = (shifted >> 1n) ^ (shifted & 1n ? REDUCTION : 0n);
  }
  return product;
}

/** By Fermat: x to the power 2^128 - 2. */
function inverse(x: bigint): bigint {
  let result = 1n << 127n;
  let square = x;
  for (let i = 1; i < 128; i++) {
    square = multiply(square, square);
    result = multiply(result, square);
  }
  return result;
}

const fromBytes = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
const toBytes = (block: bigint): Buffer => Buffer.from(block.toString(16).padStart(32, "0"), "hex");

/** One block through AES itself. */
function encryptBlock(key: Uint8Array, block: Uint8Array): bigint {
  return fromBytes(createCipheriv("aes-256-ecb", key, null).setAutoPadding(false).update(block));
}

/** A key and the nonce it is used with. */
export interface Use {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
}

/** 32 bytes of ciphertext and a tag that hold under both. */
export function collide(one: Use, two: Use): Uint8Array {
  const fixed = 0x0123456789abcdef0123456789abcdefn;
  const lengths = 256n;
  const parts = [one, two].map(({ key, nonce }) => {
    const h = encryptBlock(key, new Uint8Array(16));
    const h2 = multiply(h, h);
    const mask = encryptBlock(key, Buffer.concat([nonce, Uint8Array.of(0, 0, 0, 1)]));
    // The tag is free * cube + rest.
    return { cube: multiply(h2, h), rest: multiply(fixed, h2) ^ multiply(lengths, h) ^ mask };
  });
  const [a, b] = parts as [(typeof parts)[0], (typeof parts)[0]];
  const free = multiply(a.rest ^ b.rest, inverse(a.cube ^ b.cube));
  const tag = multiply(free, a.cube) ^ a.rest;
  return new Uint8Array(Buffer.concat([toBytes(free), toBytes(fixed), toBytes(tag)]));
}
