import { RecentMap } from "@cache/core/adapter";
import { toHex } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";

/** A bounded memory of proofs that held, so that a warm process pays for each once. Only successes are remembered. */
export class Remembered {
  readonly #held: RecentMap<string, true>;

  constructor(limit: number) {
    this.#held = new RecentMap(limit);
  }

  /** Whether `check` holds for these very bytes under this key, asked once. */
  holds(keyId: Uint8Array, message: Uint8Array, proof: Uint8Array, check: () => boolean): boolean {
    // Proof before message: both key id and proof have one length, so the joined bytes are unambiguous.
    const id = toHex(crypto.sha256(keyId, proof, message));
    if (this.#held.get(id) === true) return true;
    const valid = check();
    if (valid) this.#held.set(id, true);
    return valid;
  }
}
