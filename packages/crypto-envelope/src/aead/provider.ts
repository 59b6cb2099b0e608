import { toHex, utf8 } from "@cache/core/bytes";

/** A suite of the envelope format: 1 AES-256-GCM, 2 ChaCha20-Poly1305. There is no third, and no "none". */
export type Suite = 1 | 2;

/** Lengths in bytes, the same for every suite. */
export const NONCE_LENGTH = 12;
export const TAG_LENGTH = 16;

/** One AEAD (RFC 5116). Implementations refuse keys and nonces of any other length with a TypeError. */
export interface Aead {
  /** Its name in the IANA registry; part of every key derivation. */
  readonly label: string;
  /** In bytes. */
  readonly keyLength: number;
  /** Ciphertext and the 16-byte tag. */
  seal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array): Uint8Array;
  /** The plaintext once its tag was verified; `undefined` when it does not hold. */
  open(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array | undefined;
}

/** The suites of one platform. */
export interface AeadProvider {
  readonly name: "node" | "noble";
  /** AES by hardware or library; in plain JavaScript it is slow and leaks through timing, so suite 2 is written there. */
  readonly nativeAes: boolean;
  /** The AEAD of a suite, after its self-test. */
  suite(suite: Suite): Aead;
}

/** @throws TypeError for a key or nonce of another length */
export function checkLengths({ keyLength }: Pick<Aead, "keyLength">, key: Uint8Array, nonce: Uint8Array): void {
  if (key.byteLength !== keyLength) throw new TypeError(`the key has ${keyLength} bytes`);
  if (nonce.byteLength !== NONCE_LENGTH) throw new TypeError(`the nonce has ${NONCE_LENGTH} bytes`);
}

const KNOWN_ANSWERS: Readonly<Record<Suite, string>> = {
  1: "3467ba7de891a768f9329c7f0d6f4465c6754ee8c2e5f64dba",
  2: "fa9e64660463c033c33aed7a1f440f036d093e9d153c3ca057",
};

/** Runs one known answer through each suite when it is first asked for, and refuses to work if it differs. */
export function selfTested(suites: Readonly<Record<Suite, Aead>>): (suite: Suite) => Aead {
  const tested = new Set<Suite>();
  return (suite) => {
    const aead = suites[suite];
    if (!tested.has(suite)) {
      const sealed = aead.seal(
        Uint8Array.from({ length: 32 }, (_, i) => i),
        SELF_TEST_NONCE,
        utf8("self-test"),
      );
      if (toHex(sealed) !== KNOWN_ANSWERS[suite])
        throw new Error(`${aead.label} gives a wrong answer on this platform`);
      tested.add(suite);
    }
    return aead;
  };
}

const SELF_TEST_NONCE = Uint8Array.from({ length: NONCE_LENGTH }, (_, i) => i);
