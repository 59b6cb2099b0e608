/** What a signer writes with. */
export interface SigningIdentity {
  /** The algorithm byte of the record header: 1 HMAC-SHA-256, 2 Ed25519. */
  readonly algorithm: number;
  /** 16 bytes. */
  readonly keyId: Uint8Array;
}

/** Who made a proof, as the record's header says it; signed with the rest, so not a mere hint once it verified. */
export interface ProofHeader {
  readonly algorithm: number;
  /** 16 bytes. */
  readonly keyId: Uint8Array;
}

/** What is thought of a key: `valid`, and `retired` when it no longer signs; or not mine to judge. */
export type Standing =
  | { readonly verdict: "valid"; readonly retired: boolean }
  | { readonly verdict: "unknown-key" | "revoked-key" };

/**
 * The signer's three answers, by name: `valid`; not mine to judge (`unknown-key`, `revoked-key`);
 * mine and broken (`invalid`). `retired` marks a valid proof under a key that no longer signs.
 */
export type Verdict = Standing | { readonly verdict: "invalid" };

/** Makes and checks proofs over exact bytes. It never parses them. */
export interface Signer {
  /** Absent: verifies only, and a cache with it only reads. */
  readonly identity?: SigningIdentity | undefined;

  /** A proof over `message` by {@link Signer.identity}. Rejects with `ERR_CACHE_READ_ONLY` when there is none. */
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>;

  /** Never throws for what an attacker may choose: wrong lengths are `invalid`, an unlisted algorithm is `unknown-key`. */
  verify(header: ProofHeader, message: Uint8Array, proof: Uint8Array): Verdict | Promise<Verdict>;

  /**
   * What {@link Signer.verify} would say now of a proof that held before under this key, for the same message. A signer that has it
   * lets a cache remember that a proof held; it must answer anew each time, as keys may be revoked meanwhile.
   * Left out: every proof is verified every time.
   */
  standing?(header: ProofHeader): Standing;
}
