import { CacheError, type ProofHeader, type Signer, type SigningIdentity, type Standing } from "@cache/core";
import { checkOptions } from "@cache/core/adapter";
import { toHex } from "@cache/core/bytes";
import type { Keyring, SigningKey, VerifyingKey } from "@cache/core/keyring";
import { ed25519 as platform } from "#ed25519";
import type { Ed25519Provider } from "./ed25519/provider.ts";
import { Remembered } from "./remembered.ts";
import { type Trusted, TrustStore } from "./trust.ts";

/** The algorithm byte of a record signed with Ed25519. */
const ED25519 = 2;
/** Proofs a process remembers as good; a verification costs about a hundred times the look. */
const REMEMBERED = 16_384;

/** Who signs and who is believed. */
export interface Ed25519SignerOptions {
  /** Signs new entries, and is believed itself unless a keyring in `trusted` revoked it. Left out: the cache only reads. */
  readonly identity?: SigningKey | undefined;
  /**
   * Who else is believed. Public keys come from here and nowhere else: never from the data.
   * @defaultValue nobody
   */
  readonly trusted?: Trusted | undefined;
}

/** A key as a header names it; it is there when it is believed. */
interface Found {
  readonly standing: Standing;
  readonly key?: VerifyingKey | undefined;
}

/** A keyring in the place of the options would otherwise be told that it has no option of its field's name. */
function refuseKeyring(options: Ed25519SignerOptions | Keyring): void {
  if (typeof options === "function" || (options !== null && typeof options === "object" && "masters" in options))
    throw new TypeError("a keyring is given to ed25519Signer as { identity: keyring.primarySigner, trusted: keyring }");
}

const isWithoutSigners = (trusted: Trusted): boolean =>
  "masters" in trusted && trusted.entries.every(({ type }) => type === "master");

/** An empty list is a decision, to believe nobody; nothing at all, and keys that sign nothing, are mistakes. */
function requireSigners({ identity, trusted }: Ed25519SignerOptions): void {
  if (identity !== undefined) return;
  if (trusted === undefined)
    throw new TypeError("ed25519Signer needs an identity, to sign with, or trusted, the public keys to believe");
  if (isWithoutSigners(trusted))
    throw new TypeError("the trusted keyring has no Ed25519 key; its master keys are for hmacSigner");
}

/**
 * Ed25519 (RFC 8032): readers hold public keys only and cannot forge what they can verify.
 * @throws TypeError for what could neither sign nor verify: no identity, and no trusted keys or a keyring without Ed25519 keys
 * @throws CacheError `ERR_CACHE_KEY_FORMAT` for a public key that is not a sound point, `ERR_CACHE_LIMIT` above 16 keys
 */
export function ed25519Signer(options: Ed25519SignerOptions): Signer {
  return ed25519SignerWith(platform, options);
}

/** As {@link ed25519Signer}, by a given provider. */
export function ed25519SignerWith(provider: Ed25519Provider, options: Ed25519SignerOptions): Signer {
  refuseKeyring(options);
  checkOptions("ed25519Signer", options, ["identity", "trusted"]);
  const { identity, trusted = [] } = options;
  if (identity !== undefined && identity?.type !== "ed25519-secret")
    throw new TypeError("the identity is a SigningKey");
  const trust = new TrustStore(trusted, identity?.publicKey);
  requireSigners(options);
  const signing = identity && provider.signer(identity.reveal());
  const verifiers = new Map<string, (message: Uint8Array, proof: Uint8Array) => boolean>();
  const remembered = new Remembered(REMEMBERED);
  const signs: SigningIdentity | undefined = identity && { algorithm: ED25519, keyId: identity.id };

  function find({ algorithm, keyId }: ProofHeader): Found {
    // The key's type decides the algorithm; the header only has to agree with it.
    const found = algorithm === ED25519 ? trust.find(keyId) : undefined;
    if (found === undefined) return { standing: { verdict: "unknown-key" } };
    if (found.key === undefined) return { standing: { verdict: "revoked-key" } };
    return { standing: { verdict: "valid", retired: found.retired }, key: found.key };
  }

  function verifierOf(id: string, publicKey: Uint8Array) {
    const verifier = verifiers.get(id) ?? provider.verifier(publicKey);
    verifiers.set(id, verifier);
    return verifier;
  }

  return {
    identity: signs,
    sign(message) {
      if (signing === undefined)
        throw new CacheError("ERR_CACHE_READ_ONLY", "this signer has no identity: it only verifies");
      // Nobody would believe it, so it is not written.
      if (signs !== undefined && find(signs).standing.verdict === "revoked-key")
        throw new CacheError("ERR_CACHE_REVOKED_KEY", "the identity is revoked");
      return signing(message);
    },
    verify(header, message, proof) {
      // Asked before the memory is: a revoked key's proofs held once, too.
      const { standing, key } = find(header);
      if (key === undefined) return standing;
      const { keyId } = header;
      const verifier = verifierOf(toHex(keyId), key.bytes);
      const valid = remembered.holds(keyId, message, proof, () => verifier(message, proof));
      return valid ? standing : { verdict: "invalid" };
    },
    standing: (header) => find(header).standing,
  };
}
