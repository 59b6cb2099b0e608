import { formOf } from "../content/content.ts";
import type { ContentForm } from "../content/form.ts";
import { type CacheError, isCacheError } from "../errors.ts";
import type { CallOptions, Name } from "../ports/store.ts";
import type { CacheEvent } from "./events.ts";
import { shortId } from "./names.ts";
import type { Settings } from "./options.ts";
import { setAside } from "./set-aside.ts";
import { isDamage, levelOf, refusalOf } from "./verdicts.ts";

/** Reads content to its end; that is its verification. */
export async function drain(pieces: AsyncIterable<Uint8Array>): Promise<true> {
  for await (const _ of pieces);
  return true;
}

/** Finds content under its names, and deals with what is not to be believed. */
export class BlobReads {
  readonly form: ContentForm;
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.form = formOf(settings);
    this.#settings = settings;
  }

  tell(type: "hit" | "miss" | "set" | "delete", name: Name): void {
    this.#settings.emit({ type, level: "info", ...this.#about(name) });
  }

  /** The first name under which `read` finds something to believe. */
  async find<T>(
    digest: Uint8Array,
    options: CallOptions | undefined,
    read: (name: Name) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const names = this.form.names(digest);
    for (const name of names) {
      try {
        const found = await read(name);
        if (found === undefined) continue;
        this.tell("hit", name);
        return found;
      } catch (error) {
        if (isCacheError(error, "ERR_CACHE_LIMIT")) throw error;
        await this.#refuse(name, digest, refusalOf(error), options);
      }
    }
    this.tell("miss", names[0]);
    return undefined;
  }

  /** Hands the pieces on; damage met on the way is reported and set aside before it is thrown. */
  async *guarded(name: Name, digest: Uint8Array, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* pieces;
    } catch (error) {
      if (isCacheError(error) && isDamage(error)) await this.#refuse(name, digest, error);
      throw error;
    }
  }

  /** Reports a refusal and sets damage aside; throws it when strict. */
  async #refuse(name: Name, digest: Uint8Array, refusal: CacheError, options?: CallOptions): Promise<void> {
    const { emit, strict } = this.#settings;
    emit({ type: "rejected", level: levelOf(refusal), code: refusal.code, ...this.#about(name) });
    const again = async () => {
      const pieces = await this.form.open(name, digest, { signal: options?.signal });
      return pieces && drain(pieces);
    };
    await setAside(this.#settings, name, refusal, again, options);
    if (strict && isDamage(refusal)) throw refusal;
  }

  #about(name: Name): Pick<CacheEvent, "namespace" | "plane" | "id" | "time"> {
    const { namespace, now } = this.#settings;
    return { namespace, plane: "blobs", id: shortId(name), time: now() };
  }
}
