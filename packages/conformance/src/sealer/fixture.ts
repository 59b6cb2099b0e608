import type { Sealer } from "@cache/core";

/** Sealers of two keys, called A and B here. Each call may give a new instance or the same. */
export interface SealerFixture {
  /** Writes and reads under key A. */
  make(): Sealer | Promise<Sealer>;
  /** Writes and reads under key B and has never heard of A. */
  other(): Sealer | Promise<Sealer>;
  /** Writes under key B and still reads what was written under A, which is retired. */
  rotated(): Sealer | Promise<Sealer>;
  /** Writes under key B and knows that A is revoked. */
  revoked(): Sealer | Promise<Sealer>;
}
