import { crypto } from "#platform";
import { fromBase64Url, toBase64Url } from "../bytes/base64.ts";
import { concat } from "../bytes/join.ts";
import { CacheError } from "../errors.ts";
import { SigningKey, VerifyingKey } from "./ed25519-keys.ts";
import { KEY_LENGTH } from "./material.ts";

/** One of the two files that hold an Ed25519 key. */
interface Form {
  readonly label: string;
  /** The fixed DER in front of the 32 bytes of the key (RFC 8410, sections 4 and 7). */
  readonly prefix: Uint8Array;
  readonly import: (bytes: Uint8Array) => SigningKey | VerifyingKey;
}

const PKCS8: Form = {
  label: "PRIVATE KEY",
  prefix: Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20),
  import: (bytes) => SigningKey.import(bytes),
};
const SPKI: Form = {
  label: "PUBLIC KEY",
  prefix: Uint8Array.of(0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0),
  import: (bytes) => VerifyingKey.import(bytes),
};

/** One block and nothing beside it. Either key fits into one line of 64 characters, so there is one line. */
const BLOCK = /^-----BEGIN ([A-Z0-9 ]{1,40})-----\r?\n([A-Za-z0-9+/]{1,64}={0,2})\r?\n-----END \1-----(?:\r?\n)?$/;
const FIRST_LINE = /^-----BEGIN ([A-Z0-9 ]{1,40})-----\r?\n/;

const malformed = (why: string): CacheError => new CacheError("ERR_CACHE_KEY_FORMAT", `not a PEM key: ${why}`);

/** By the first line, which stands before what may be of any other form. */
function formOf(text: string): Form {
  const label = FIRST_LINE.exec(text)?.[1];
  if (label === undefined) throw malformed("it does not begin with a BEGIN line");
  if (label === "ENCRYPTED PRIVATE KEY") {
    throw new CacheError("ERR_CACHE_PASSPHRASE", "the PEM key is encrypted, and only plain ones are read");
  }
  const form = [PKCS8, SPKI].find((each) => each.label === label);
  if (form === undefined) {
    throw new CacheError("ERR_CACHE_KEY_TYPE", "a PEM key is a PRIVATE KEY (PKCS #8) or a PUBLIC KEY (SPKI)");
  }
  return form;
}

/** Bytes of canonical, padded base64. */
function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  return fromBase64Url(text.replace(/=+$/, "").replaceAll("+", "-").replaceAll("/", "_"));
}

function toBase64(bytes: Uint8Array): string {
  const bare = toBase64Url(bytes).replaceAll("-", "+").replaceAll("_", "/");
  return bare.padEnd(Math.ceil(bare.length / 4) * 4, "=");
}

/** Whether a text claims to be PEM. No list of keys and no JSON begins so. */
export function isPem(text: string): boolean {
  return text.startsWith("-----BEGIN ");
}

/**
 * An Ed25519 key as OpenSSL and others keep it: PKCS #8 gives a {@link SigningKey}, SubjectPublicKeyInfo a
 * {@link VerifyingKey}. The text is one block and nothing else, its bytes exactly those of RFC 8410 for a plain key.
 * @throws CacheError `ERR_CACHE_KEY_FORMAT`, `ERR_CACHE_KEY_TYPE` for another kind of block, `ERR_CACHE_PASSPHRASE` for an
 * encrypted one, `ERR_CACHE_WEAK_KEY`; no message repeats the text
 */
export function importPem(text: string): SigningKey | VerifyingKey {
  if (typeof text !== "string") throw new TypeError("a PEM key is text");
  const form = formOf(text);
  const encoded = BLOCK.exec(text)?.[2];
  if (encoded === undefined) throw malformed("it is not exactly one block with the one line that an Ed25519 key takes");
  const der = fromBase64(encoded);
  if (der === undefined) throw malformed("it is not canonical base64");
  const { length } = form.prefix;
  if (der.byteLength !== length + KEY_LENGTH || !crypto.equal(der.subarray(0, length), form.prefix)) {
    throw malformed("it does not hold a plain Ed25519 key (RFC 8410)");
  }
  const key = form.import(der.subarray(length));
  der.fill(0);
  return key;
}

/**
 * The key as PEM: PKCS #8 of a {@link SigningKey}, which is the secret, SubjectPublicKeyInfo of a {@link VerifyingKey}.
 * {@link importPem} and OpenSSL read it.
 */
export function exportPem(key: SigningKey | VerifyingKey): string {
  const isSecret = key?.type === "ed25519-secret";
  if (!isSecret && key?.type !== "ed25519-public") throw new TypeError("only Ed25519 keys have a PEM form");
  const { label, prefix } = isSecret ? PKCS8 : SPKI;
  const bytes = isSecret ? key.reveal() : key.bytes.slice();
  const der = concat(prefix, bytes);
  const text = `-----BEGIN ${label}-----\n${toBase64(der)}\n-----END ${label}-----\n`;
  der.fill(0);
  bytes.fill(0);
  return text;
}
