import type { Name } from "@cache/core";
import type { Dice } from "./dice.ts";

const MOST_VERSIONS = 4;
const MOST_NAMES = 256;

/** What was put under names, for a medium that puts old or other bytes back. Bounded: the newest names and versions. */
export class History {
  readonly #versions = new Map<Name, Uint8Array[]>();

  record(name: Name, bytes: Uint8Array): void {
    const versions = this.#versions.get(name) ?? [];
    versions.push(new Uint8Array(bytes));
    if (versions.length > MOST_VERSIONS) versions.shift();
    this.#versions.delete(name);
    this.#versions.set(name, versions);
    const [oldest] = this.#versions.keys();
    if (this.#versions.size > MOST_NAMES && oldest !== undefined) this.#versions.delete(oldest);
  }

  /** Bytes that the name had, perhaps those it has. */
  earlier(name: Name, dice: Dice): Uint8Array | undefined {
    return dice.pick(this.#versions.get(name) ?? []);
  }

  /** Bytes of another name, of either kind. */
  another(name: Name, dice: Dice): Uint8Array | undefined {
    const other = dice.pick([...this.#versions.keys()].filter((each) => each !== name));
    return other && this.earlier(other, dice);
  }
}
