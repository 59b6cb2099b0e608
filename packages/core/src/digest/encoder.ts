import { type Target, writeStandard } from "./objects.ts";
import { type ContentOf, ownContent } from "./own-type.ts";
import { writePrimitive } from "./primitive.ts";
import { pathText, Refusal, type Step, undigestible } from "./refusal.ts";
import { describeForeign, standardOf } from "./standard.ts";
import { TAG } from "./tags.ts";
import { Writer } from "./writer.ts";

/** Of arrays in objects in arrays: far beyond what people write, and well within what a call stack holds. */
const MOST_LEVELS = 500;

/** Objects of cycles are gone through again from each side that they are come to; beyond this that would take seconds. */
const MOST_AGAIN = 10_000;

const NOTHING_ABOVE = Number.POSITIVE_INFINITY;

/**
 * Encodes values by content, for one digest. An object within itself is a reference back by levels, one to its own
 * container. So an encoding says everything that can be reached by reading, whatever was reached: which parts are one
 * object, and which are two that are equal, does not show, except for what an object has of itself above.
 */
export class Encoder implements Target {
  readonly out: Writer = new Writer();
  readonly #contentOf: ContentOf | undefined;
  /** The objects that are gone through at the moment, outermost first, and how deep each stands. */
  readonly #levels = new Map<object, number>();
  readonly #steps: Step[] = [];
  /** Encodings of objects that say nothing of what stands above them, and are the same wherever they stand. */
  readonly #known = new Map<object, Uint8Array>();
  readonly #met = new Set<object>();
  #again = 0;
  /** The highest level that what was encoded last refers back to. */
  #reach = NOTHING_ABOVE;

  constructor(contentOf?: ContentOf) {
    this.#contentOf = contentOf;
  }

  /** @throws CacheError `ERR_CACHE_UNDIGESTIBLE`, which names the path that begins with `root` */
  encode(root: string, value: unknown): void {
    try {
      this.#any(value);
    } catch (error) {
      throw error instanceof Refusal ? undigestible(pathText(root, this.#steps), error) : error;
    }
  }

  #any(value: unknown): void {
    const start = this.out.length;
    if (!writePrimitive(this.out, value)) this.#object(start, value as object);
    this.out.shorten(start);
  }

  /** A step is left where a refusal is thrown, since it says where. */
  readonly inside = (step: Step, value: unknown): void => {
    this.#steps.push(step);
    this.#any(value);
    this.#steps.pop();
  };

  #object(start: number, value: object): void {
    const above = this.#levels.get(value);
    const level = this.#levels.size;
    if (above !== undefined) {
      this.#reach = Math.min(this.#reach, above);
      this.out.tag(TAG.above);
      this.out.count(level - above);
      return;
    }
    const known = this.#known.get(value);
    if (known !== undefined) {
      this.out.again(known);
      return;
    }
    this.#requireRoom(value, level);
    const outside = this.#reach;
    this.#reach = NOTHING_ABOVE;
    this.#levels.set(value, level);
    this.#content(value);
    this.#levels.delete(value);
    this.out.shorten(start);
    // What is part of a cycle would be encoded otherwise from within that cycle, so it is not remembered.
    if (this.#reach > level) this.#known.set(value, this.out.from(start).slice());
    this.#reach = this.#reach < level ? Math.min(this.#reach, outside) : outside;
  }

  #requireRoom(value: object, level: number): void {
    if (level > MOST_LEVELS) throw new Refusal(`is nested more than ${MOST_LEVELS} deep`);
    if (this.#met.has(value)) this.#again += 1;
    else this.#met.add(value);
    if (this.#again > MOST_AGAIN) throw new Refusal("is part of too many cycles at once");
  }

  #content(value: object): void {
    const standard = typeof value === "object" ? standardOf(value) : undefined;
    if (standard !== undefined) {
      writeStandard(this, standard, value);
      return;
    }
    const own = ownContent(value, this.#contentOf);
    if (own === undefined) throw new Refusal(describeForeign(value));
    this.out.tag(TAG.own);
    this.out.text(own.type);
    this.inside("content", own.content);
  }
}
