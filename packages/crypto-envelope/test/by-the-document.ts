import type { SealContext, SealedMetadata } from "@cache/core";

/**
 * Sealing written a second time, from the format document and over Web Crypto alone: AES-GCM, HMAC and HKDF of the
 * platform, and none of the sources under test.
 */

type Bytes = Uint8Array<ArrayBuffer>;

const { subtle } = globalThis.crypto;

const ascii = (text: string): Bytes => new TextEncoder().encode(text);

function join(...parts: readonly Uint8Array[]): Bytes {
  const out = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function integer(value: number, littleEndian = false): Bytes {
  const out = new Uint8Array(8);
  new DataView(out.buffer).setBigUint64(0, BigInt(value), littleEndian);
  return out;
}

const pae = (...pieces: readonly Uint8Array[]): Bytes =>
  join(integer(pieces.length, true), ...pieces.flatMap((piece) => [integer(piece.length, true), piece]));

async function hmac(hash: "SHA-256" | "SHA-512", key: Uint8Array, message: Bytes): Promise<Bytes> {
  const imported = await subtle.importKey("raw", join(key), { name: "HMAC", hash }, false, ["sign"]);
  return new Uint8Array(await subtle.sign("HMAC", imported, message));
}

async function subkey(master: Uint8Array, label: string, length: number): Promise<Bytes> {
  const imported = await subtle.importKey("raw", join(master), "HKDF", false, ["deriveBits"]);
  const parameters = { name: "HKDF", hash: "SHA-256", salt: ascii("cache/v1/keyring"), info: ascii(label) };
  return new Uint8Array(await subtle.deriveBits(parameters, imported, length * 8));
}

async function message(inputKey: Uint8Array, salt: Uint8Array, context: Uint8Array, plaintext: Uint8Array) {
  const info = join(ascii("c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0"), salt, context);
  const first = await hmac("SHA-512", inputKey, join(info, Uint8Array.of(1)));
  const output = join(first, await hmac("SHA-512", inputKey, join(first, info, Uint8Array.of(2))));
  const key = await subtle.importKey("raw", output.slice(0, 32), "AES-GCM", false, ["encrypt"]);
  const base = BigInt(`0x${Buffer.from(output.slice(32, 44)).toString("hex")}`);
  const parts: Uint8Array[] = [salt, output.slice(44, 76)];
  for (let index = 0; index * 16_384 <= plaintext.length; index++) {
    const iv = join(Buffer.from((base ^ BigInt(index)).toString(16).padStart(24, "0"), "hex"));
    const chunk = join(plaintext.slice(index * 16_384, (index + 1) * 16_384));
    parts.push(new Uint8Array(await subtle.encrypt({ name: "AES-GCM", iv, tagLength: 128 }, key, chunk)));
  }
  return join(...parts);
}

const pieces = ({ namespace, kind, key }: SealContext): Uint8Array[] => [
  ascii(namespace),
  Uint8Array.of(kind === "blobs" ? 1 : 2),
  key,
];

/** The stored name (section 5). */
export async function addressByDocument(master: Uint8Array, context: SealContext): Promise<Uint8Array> {
  const key = await subkey(master, "cache/v1/address", 32);
  return hmac("SHA-256", key, pae(ascii("cache/v1/address"), ...pieces(context)));
}

/** The envelope of suite 1 (section 4) with this body key and these salts of metadata and body. */
export async function sealByDocument(
  master: Uint8Array,
  context: SealContext,
  content: Uint8Array,
  { created, expires, sequence }: SealedMetadata,
  [bodyKey, headSalt, bodySalt]: readonly [Uint8Array, Uint8Array, Uint8Array],
): Promise<Uint8Array> {
  const keyId = await subkey(master, "cache/v1/key-id", 16);
  const magic = Uint8Array.of(0x89, 0x43, 0x45, 0x4e, 0x56, 0x0d, 0x0a, 0x1a);
  const prefix = join(magic, Uint8Array.of(1, 1, 0, 0, 0, 0, 0, 170), keyId);
  const digest = new Uint8Array(await subtle.digest("SHA-256", join(content)));
  const times = [created, expires, sequence].map((each) => integer(each));
  const metadata = join(bodyKey, integer(content.length), digest, ...times, new Uint8Array(2));
  const bound = pae(ascii("cache/v1/envelope/meta"), prefix, ...pieces(context));
  return join(
    prefix,
    await message(await subkey(master, "cache/v1/envelope", 32), headSalt, bound, metadata),
    await message(bodyKey, bodySalt, ascii("cache/v1/envelope/body"), content),
  );
}
