import { toHex } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";

/** A bounded memory of proofs that held, so that a warm process pays for each once. Only successes are remembered. */
export class Remembered {
  readonly #limit: number;
  // Two generations: when the young one is full it becomes the old one, so forgetting costs nothing.
  #young = new Set<string>();
  #old = new Set<string>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether `check` holds for these very bytes under this key, asked once. */
  holds(keyId: Uint8Array, message: Uint8Array, proof: Uint8Array, check: () => boolean): boolean {
    // Proof before message: both key id and proof have one length, so the joined bytes are unambiguous.
    const id = toHex(crypto.sha256(keyId, proof, message));
    if (this.#young.has(id)) return true;
    const valid = this.#old.has(id) || check();
    if (valid) this.#remember(id);
    return valid;
  }

  #remember(id: string): void {
    this.#young.add(id);
    if (this.#young.size < this.#limit / 2) return;
    this.#old = this.#young;
    this.#young = new Set();
  }
}
