import type { CacheError } from "@cache/core";
import { checkOptions } from "@cache/core/adapter";

/** How many keys have to stand for a package, and what those sign that did not make it. */
export interface Cosigned {
  /**
   * So many Ed25519 keys that are believed, the one that signed the package among them: 1 to 16. Nothing in a package or beside it says how many
   * are needed.
   */
  readonly threshold: number;
  /** What {@link cosignBundle} gave, at most 64, in any order. Those of other packages and of other keys count for nothing. */
  readonly signatures: readonly Uint8Array[];
  /** Called for each of `signatures` that does not count, by its place among them, with the reason. */
  readonly onUncounted?: ((at: number, why: CacheError) => void) | undefined;
}

const MOST_KEYS = 16;
const MOST_SIGNATURES = 64;

/** @throws TypeError for what is no {@link Cosigned} */
export function checkCosigned(cosigned: Cosigned): void {
  checkOptions("cosigned", cosigned, ["threshold", "signatures", "onUncounted"]);
  const { threshold, signatures, onUncounted } = cosigned;
  if (!Number.isInteger(threshold) || threshold < 1 || threshold > MOST_KEYS)
    throw new TypeError(`a threshold is a whole number from 1 to ${MOST_KEYS}`);
  const areBytes = Array.isArray(signatures) && signatures.every((each) => each instanceof Uint8Array);
  if (!areBytes || signatures.length > MOST_SIGNATURES)
    throw new TypeError(`signatures are at most ${MOST_SIGNATURES}, each a Uint8Array`);
  if (onUncounted !== undefined && typeof onUncounted !== "function") throw new TypeError("onUncounted is a function");
}
