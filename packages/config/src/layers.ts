import type { CacheConfig, CacheFields, Demand } from "./config.ts";
import { overlay, present } from "./overlay.ts";

/** A configuration and the file it stands in. Its paths are absolute. */
export interface Layer {
  readonly path: string;
  readonly config: CacheConfig;
}

/** What several files say together. */
export interface Merged {
  readonly config: CacheConfig;
  /** File that each field was taken from: `dir`, `caches.builds.ttl`, `require.seal`. */
  readonly sources: Readonly<Record<string, string>>;
}

/** Fields of the whole, and the file each came from. */
class Layers {
  #fields: CacheFields = {};
  readonly #caches = new Map<string, CacheFields>();
  readonly #require = new Set<Demand>();
  readonly #sources = new Map<string, string>();
  #default: string | undefined;

  add({ path, config }: Layer): void {
    const { caches = {}, default: named, require = [], root: _, ...fields } = config;
    this.#fields = this.#over("", this.#fields, fields, path);
    for (const [name, each] of Object.entries(caches))
      this.#caches.set(name, this.#over(`caches.${name}.`, this.#caches.get(name) ?? {}, each, path));
    // What one file demands no other takes back, so demands only ever become more.
    for (const demand of require) this.#demand(demand, path);
    if (named === undefined) return;
    this.#default = named;
    this.#sources.set("default", path);
  }

  #demand(demand: Demand, path: string): void {
    if (!this.#require.has(demand)) this.#sources.set(`require.${demand}`, path);
    this.#require.add(demand);
  }

  #over(prefix: string, under: CacheFields, over: CacheFields, path: string): CacheFields {
    const fields = overlay(under, over);
    for (const name of Object.keys(under)) if (!Object.hasOwn(fields, name)) this.#sources.delete(prefix + name);
    for (const [name] of present(over)) this.#sources.set(prefix + name, path);
    return fields;
  }

  get merged(): Merged {
    const config: CacheConfig = {
      ...this.#fields,
      caches: this.#caches.size === 0 ? undefined : Object.fromEntries(this.#caches),
      default: this.#default,
      require: this.#require.size === 0 ? undefined : [...this.#require],
    };
    return { config, sources: Object.fromEntries(this.#sources) };
  }
}

/**
 * What files say together, field by field; a later one decides.
 * @param layers - the user's own first, the nearest last
 */
export function mergeLayers(layers: readonly Layer[]): Merged {
  const whole = new Layers();
  for (const layer of layers) whole.add(layer);
  return whole.merged;
}
