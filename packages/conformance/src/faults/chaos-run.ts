import { type Cache, isCacheError } from "@cache/core";
import { ConformanceError, expectBytes, expectSame, expectThat, fail } from "../expect.ts";
import type { Dice } from "./dice.ts";
import { Model } from "./model.ts";

/** What of a cache is used. */
export type CacheInChaos = Pick<Cache, "get" | "set" | "has" | "delete" | "getOrSet" | "blobs">;

type Step = () => Promise<"answer" | "miss" | "done">;

/** Operations on a cache, one after the other, each checked against what may come back. */
export class ChaosRun {
  operations = 0;
  answers = 0;
  misses = 0;
  /** By code. */
  readonly failures: Record<string, number> = {};
  readonly #cache: CacheInChaos;
  readonly #dice: Dice;
  readonly #model: Model;
  readonly #steps: readonly Step[];

  constructor(cache: CacheInChaos, dice: Dice, keys: number) {
    this.#cache = cache;
    this.#dice = dice;
    this.#model = new Model(dice, keys);
    const [set, get, content] = [() => this.#set(), () => this.#get(), () => this.#content()];
    this.#steps = [
      set,
      set,
      get,
      get,
      get,
      content,
      content,
      () => this.#compute(),
      () => this.#drop(),
      () => this.#has(),
    ];
  }

  /** One operation, whatever becomes of it, so long as nothing wrong comes back. */
  async step(): Promise<void> {
    this.operations += 1;
    try {
      const outcome = await (this.#dice.pick(this.#steps) as Step)();
      if (outcome === "answer") this.answers += 1;
      if (outcome === "miss") this.misses += 1;
    } catch (error) {
      if (error instanceof ConformanceError) throw error;
      if (!isCacheError(error)) fail("a failure without a code", error);
      this.failures[error.code] = (this.failures[error.code] ?? 0) + 1;
    }
  }

  /** Everything can be written and read again. */
  async recover(): Promise<void> {
    for (const key of this.#model.keys) {
      const value = this.#model.value(key);
      await this.#cache.set(key, value);
      const found = JSON.stringify(await this.#cache.get(key));
      expectThat(found === JSON.stringify(value), `"${key}" is read as it was set, once the medium is sound again`);
    }
    for (const { bytes, digest } of this.#model.contents) {
      await this.#cache.blobs.put(bytes);
      expectBytes(await this.#cache.blobs.get(digest), bytes, "content, once the medium is sound again");
    }
  }

  async #set(): ReturnType<Step> {
    const key = this.#model.key();
    await this.#cache.set(key, this.#model.value(key));
    return "done";
  }

  async #get(): ReturnType<Step> {
    const key = this.#model.key();
    const value = await this.#cache.get(key);
    if (value === undefined) return "miss";
    this.#model.check(key, value);
    return "answer";
  }

  async #compute(): ReturnType<Step> {
    const key = this.#model.key();
    this.#model.check(key, await this.#cache.getOrSet(key, () => this.#model.value(key)));
    return "answer";
  }

  async #has(): ReturnType<Step> {
    await this.#cache.has(this.#model.key());
    return "done";
  }

  async #drop(): ReturnType<Step> {
    await this.#cache.delete(this.#model.key());
    return "done";
  }

  async #content(): ReturnType<Step> {
    const known = this.#dice.pick(this.#model.contents);
    if (known === undefined || this.#dice.next() < 0.3) {
      const { bytes, digest } = this.#model.content();
      expectSame(await this.#cache.blobs.put(bytes), digest, "the digest of a put");
      return "done";
    }
    const found =
      this.#dice.next() < 0.5 ? await this.#cache.blobs.get(known.digest) : await this.#streamed(known.digest);
    if (found === undefined) return "miss";
    expectBytes(found, known.bytes, "content of a digest");
    return "answer";
  }

  async #streamed(digest: string): Promise<Uint8Array | undefined> {
    const stream = await this.#cache.blobs.open(digest);
    if (stream === undefined) return undefined;
    const parts: number[] = [];
    for await (const piece of stream) for (const byte of piece) parts.push(byte);
    return Uint8Array.from(parts);
  }
}
