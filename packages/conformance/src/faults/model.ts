import { toHex } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import { fail } from "../expect.ts";
import { sample } from "../samples.ts";
import type { Dice } from "./dice.ts";

/** A value that tells which key it was made for, and when. */
export interface Value {
  readonly key: string;
  readonly count: number;
  readonly fill: string;
}

/** Content and its digest. */
export interface Content {
  readonly bytes: Uint8Array;
  readonly digest: string;
}

/** Some fit inside an entry, some do not. */
const LENGTHS = [0, 100, 3000, 30_000];

/** What a cache may answer: values that somebody tried to set under the very key, and content under its digest. */
export class Model {
  readonly #dice: Dice;
  readonly #tried = new Map<string, Set<string>>();
  #count = 0;
  readonly keys: readonly string[];
  readonly contents: Content[] = [];

  constructor(dice: Dice, keys: number) {
    this.#dice = dice;
    this.keys = Array.from({ length: keys }, (_, i) => `key ${i}`);
  }

  key(): string {
    return this.#dice.pick(this.keys) as string;
  }

  /** A value nobody had, which may be answered from now on. */
  value(key: string): Value {
    this.#count += 1;
    const value = { key, count: this.#count, fill: "x".repeat(this.#dice.pick(LENGTHS) as number) };
    const tried = this.#tried.get(key) ?? new Set();
    this.#tried.set(key, tried.add(JSON.stringify(value)));
    return value;
  }

  /** Content that may be found under its digest from now on. */
  content(): Content {
    const bytes = sample(this.#dice.below(60_000), this.#dice.below(20));
    const content = { bytes, digest: toHex(crypto.sha256(bytes)) };
    this.contents.push(content);
    return content;
  }

  /** @throws ConformanceError for a value that nobody set under this key */
  check(key: string, answer: unknown): void {
    const text = JSON.stringify(answer);
    if (this.#tried.get(key)?.has(text) !== true) fail(`"${key}" gave ${text.slice(0, 80)}, which nobody set under it`);
  }
}
