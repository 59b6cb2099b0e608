import type { Signer } from "@cache/core";

/** Signers of two keys, called A and B here. Each call may give a new instance or the same. */
export interface SignerFixture {
  /** Signs and verifies under key A. */
  make(): Signer | Promise<Signer>;
  /** Signs and verifies under key B and has never heard of A. */
  other(): Signer | Promise<Signer>;
  /** Verifies under key A and has no identity. */
  readOnly(): Signer | Promise<Signer>;
  /** Signs under key B and still verifies under A, which is retired. */
  rotated(): Signer | Promise<Signer>;
  /** Signs under key B and knows that A is revoked. */
  revoked(): Signer | Promise<Signer>;
}
