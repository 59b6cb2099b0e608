import { CacheError, type Signer } from "@cache/core";
import { checkOptions, type MonotonicStore } from "@cache/core/adapter";
import { toHex } from "@cache/core/bytes";
import type { SigningKey, VerifyingKey } from "@cache/core/keyring";
import { ed25519Signer } from "../ed25519-signer.ts";
import { Chain, type Standing } from "./chain.ts";
import { covers } from "./scope.ts";
import { signedStatement } from "./signed-statement.ts";

/** Who signs, and which roots say who is believed. */
export interface ChainSignerOptions {
  /** Signs, within what its certificate allows. Left out: a cache with this signer only reads. */
  readonly identity?: SigningKey | undefined;
  /** Who certifies; 1 to 16 keys. They come from here and nowhere else. A root itself signs nothing but certificates and lists. */
  readonly roots: readonly VerifyingKey[];
  /** From {@link issueCertificate}, of at most 16 keys. */
  readonly certificates: readonly string[];
  /**
   * From {@link issueRevocations}; of each root the one with the highest number counts, and two with one number are refused.
   * @defaultValue none, so certificates end by their time only
   */
  readonly revocations?: readonly string[] | undefined;
  /** Remembers the newest list of each root, so that an older one, or none, is refused. */
  readonly seen?: MonotonicStore | undefined;
  /** Milliseconds since 1970 UTC. @defaultValue Date.now */
  readonly now?: (() => number) | undefined;
}

const OPTIONS = ["identity", "roots", "certificates", "revocations", "seen", "now"] as const;

function requireTexts(list: unknown, what: string): void {
  if (!Array.isArray(list) || !list.every((each) => typeof each === "string"))
    throw new TypeError(`${what} are a list of texts`);
}

function checked(options: ChainSignerOptions): ChainSignerOptions {
  checkOptions("chainSigner", options, OPTIONS);
  if (!Array.isArray(options.roots) || options.roots.length === 0) throw new TypeError("a chain begins at a root");
  requireTexts(options.certificates, "certificates");
  requireTexts(options.revocations ?? [], "revocations");
  return options;
}

const REFUSALS = {
  "unknown-key": ["ERR_CACHE_UNKNOWN_KEY", "no certificate of today allows the identity to sign this"],
  "revoked-key": ["ERR_CACHE_REVOKED_KEY", "the identity is revoked"],
} as const;

function refused(refusal: keyof typeof REFUSALS): CacheError {
  const [code, why] = REFUSALS[refusal];
  return new CacheError(code, why);
}

/** Why a key must not sign a message, if so. */
function refusalOf(standing: Standing, message: Uint8Array): keyof typeof REFUSALS | undefined {
  if (typeof standing === "string") return standing;
  const statement = signedStatement(message);
  const allowed = statement !== undefined && standing.some((scope) => covers(scope, statement));
  return allowed ? undefined : "unknown-key";
}

/**
 * Ed25519 signatures by keys that a root certified. Certificates, their scope and the revocations are looked at each time that something is
 * verified: what a key signed is unknown once its certificate has ended or outside its scope, and refused once it is revoked.
 * @throws CacheError `ERR_CACHE_FORMAT`, `ERR_CACHE_AUTH`, `ERR_CACHE_UNKNOWN_KEY` for a certificate or list that none of the roots signed and for
 * an identity without certificate, `ERR_CACHE_EXPIRED`, `ERR_CACHE_NOT_YET_VALID` for a list of another time, `ERR_CACHE_ROLLBACK` for an older list
 * than was seen and for two of one number, `ERR_CACHE_KEY_FORMAT`, `ERR_CACHE_LIMIT`
 */
export async function chainSigner(options: ChainSignerOptions): Promise<Signer> {
  const { identity, roots, certificates, revocations = [], seen, now = Date.now } = checked(options);
  const chain = await Chain.open({ roots, certificates, revocations, seen }, now());
  const { keys } = chain;
  if (identity !== undefined && !keys.some(({ id }) => toHex(id) === toHex(identity.id)))
    throw new CacheError("ERR_CACHE_UNKNOWN_KEY", "no root certified the identity");
  const signer = ed25519Signer({ identity, trusted: keys });
  return {
    identity: signer.identity,
    sign(message) {
      const refusal = identity && refusalOf(chain.standing(identity.id, now()), message);
      // Nobody would believe it, so it is not written.
      if (refusal !== undefined) throw refused(refusal);
      return signer.sign(message);
    },
    async verify(header, message, proof) {
      const verdict = await signer.verify(header, message, proof);
      if (verdict.verdict !== "valid") return verdict;
      // Read only now: before its proof held it could have been anybody's.
      const refusal = refusalOf(chain.standing(header.keyId, now()), message);
      return refusal === undefined ? verdict : { verdict: refusal };
    },
  };
}
