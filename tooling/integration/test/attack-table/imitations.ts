import { createHash, createHmac, generateKeyPairSync, randomBytes, sign, verify } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { directory } from "../slots.ts";
import { stored } from "./files.ts";
import type { Keyed } from "./keyed.ts";

const sha256 = (bytes: Uint8Array): Buffer => createHash("sha256").update(bytes).digest();

/** Puts something round a value and takes it off again; `undefined` is for what is refused. */
interface Wrapping {
  wrap(value: Buffer): Buffer;
  unwrap(bytes: Buffer): Buffer | undefined;
  /** What somebody without a key can do at best. */
  readonly forge: (value: Buffer) => Buffer;
}

/** A file for each key, called by the digest of the key. */
function filesOf(make: () => Wrapping): Keyed {
  const root = directory();
  const { wrap, unwrap, forge } = make();
  const pathOf = (key: string) => join(root, sha256(Buffer.from(key)).toString("hex"));
  mkdirSync(root, { recursive: true });
  return {
    root,
    put: async (key, value) => writeFileSync(pathOf(key), wrap(Buffer.from(value))),
    async get(key) {
      if (!existsSync(pathOf(key))) return undefined;
      return unwrap(readFileSync(pathOf(key)))?.toString();
    },
    stranger: () => filesOf(make),
    async forge(_, value) {
      for (const path of stored(root)) writeFileSync(path, forge(Buffer.from(value)));
    },
  };
}

/** Verifies nothing. */
export const bareFiles = (): Keyed =>
  filesOf(() => ({ wrap: (value) => value, unwrap: (bytes) => bytes, forge: (value) => value }));

/** The digest of the value stands beside the value. */
export const checksummedFiles = (): Keyed =>
  filesOf(() => {
    const wrap = (value: Buffer) => Buffer.concat([value, sha256(value)]);
    const unwrap = (bytes: Buffer) => {
      const value = bytes.subarray(0, -32);
      return sha256(value).equals(bytes.subarray(-32)) ? value : undefined;
    };
    return { wrap, unwrap, forge: wrap };
  });

/** A keyed digest of the value alone stands behind the value, and says nothing about the key or the time. */
export const valueSignedFiles = (): Keyed => filesOf(() => signedValue({ needed: true }));

/** As that, but what has no signature is taken as it is. */
export const optionallySignedFiles = (): Keyed => filesOf(() => signedValue({ needed: false }));

const SIGNATURE = /^[0-9a-f]{64}$/;

function signedValue({ needed }: { readonly needed: boolean }): Wrapping {
  const secret = randomBytes(32);
  const proofOf = (value: Buffer) => createHmac("sha256", secret).update(value).digest("hex");
  return {
    wrap: (value) => Buffer.concat([value, Buffer.from(proofOf(value))]),
    unwrap(bytes) {
      const [value, proof] = [bytes.subarray(0, -64), bytes.subarray(-64).toString()];
      if (!SIGNATURE.test(proof)) return needed ? undefined : bytes;
      return proofOf(value) === proof ? value : undefined;
    },
    forge: (value) => value,
  };
}

/** Signed, and believed by the public key that lies beside the signature. */
export const selfSignedFiles = (): Keyed =>
  filesOf(() => {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const shown = publicKey.export({ type: "spki", format: "der" });
    return {
      wrap: (value) => Buffer.concat([shown, sign(null, value, privateKey), value]),
      unwrap(bytes) {
        const key = { key: bytes.subarray(0, 44), format: "der", type: "spki" } as const;
        const value = bytes.subarray(108);
        return verify(null, value, key, bytes.subarray(44, 108)) ? value : undefined;
      },
      forge: (value) => value,
    };
  });
