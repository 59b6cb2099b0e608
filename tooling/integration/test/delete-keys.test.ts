import { createCache } from "@cache/core";
import { deleteKeys } from "@cache/core/adapter";
import { memoryStore } from "@cache/memory";
import { describe, expect, it } from "vitest";

describe("deleteKeys", () => {
  it("removes what is meant, however much it is, and nothing else", async () => {
    const cache = createCache({ store: memoryStore({ maxBytes: "10MB" }) });
    const keys = Array.from({ length: 700 }, (_, index) => `${index % 2 === 0 ? "a" : "b"}:${index}`);
    await cache.setMany(keys.map((key) => [key, key] as const));
    await deleteKeys(cache, (key) => key.startsWith("a:"));
    const left: string[] = [];
    for await (const key of cache.keys()) left.push(key);
    expect(left.sort()).toEqual(keys.filter((key) => key.startsWith("b:")).sort());
  });
});
