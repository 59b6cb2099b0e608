// Runs in the thread of the module loader.
import { instrument } from "./instrument.mjs";

/** What is fuzzed: the packages as they were built, and the library that reads structured values. */
const OURS = /\/packages\/(?!conformance)[a-z0-9-]+\/dist\/|\/node_modules\/devalue\/|\/test\/planted\//;

/**
 * @param {string} url
 * @param {unknown} context
 * @param {(url: string, context: unknown) => Promise<{ source?: string | ArrayBuffer | Uint8Array }>} next
 */
export async function load(url, context, next) {
  const loaded = await next(url, context);
  if (!OURS.test(url) || loaded.source === undefined || !/\.m?js$/.test(url)) return loaded;
  const text = typeof loaded.source === "string" ? loaded.source : new TextDecoder().decode(loaded.source);
  return { ...loaded, source: instrument(text) };
}
