import { type Cache, type Call, createCache, jsonCodec } from "@cache/core";
import { memoryStore } from "@cache/memory";

export const make = (): Cache => createCache({ store: memoryStore({ maxBytes: 64_000_000 }) });

/** A call as `memoize` tells of it; its result is kept only by those tests that keep one. */
export const call = (name: string, started: number, more: Partial<Call> = {}): Call => {
  const digest = more.digest ?? started.toString(16).padStart(64, "0");
  const words = more.version === undefined ? [name, digest] : [name, more.version, digest];
  return { name, digest, key: words.join("\n"), args: [], outcome: "computed", started, duration: 1.5, ...more };
};

/** Records under ids that begin like that, written by hand. */
export async function planted(cache: Cache, beginnings: readonly string[], more: object = {}): Promise<string[]> {
  const records = cache.namespace("calls", { codec: jsonCodec });
  const ids = beginnings.map((each) => each.padEnd(32, "0"));
  const digest = "d".repeat(64);
  const stored = {
    outcome: "computed",
    duration: 1,
    key: `f\n${digest}`,
    environment: { runtime: "r", platform: "p" },
    tags: {},
    ...more,
  };
  for (const id of ids) await records.set(`${id}\n1000\n${digest}\nf\n`, stored);
  return ids;
}
