import { type CacheEvent, createCache } from "@cache/core";
import { verifyStore } from "@cache/core/maintenance";
import { memoryStore } from "@cache/memory";
import { describe, expect, it } from "vitest";

describe("a value larger than this reader takes", () => {
  it("is a miss and a warning, stays, and is nothing to be strict about", async () => {
    const store = memoryStore({ maxBytes: 1_000_000 });
    await createCache({ store }).set("k", "x".repeat(80_000));
    const events: CacheEvent[] = [];
    const small = createCache({ store, maxBufferedBytes: 1000, strict: true, onEvent: (event) => events.push(event) });
    expect(await small.get("k")).toBeUndefined();
    expect(await small.lookup("k")).toMatchObject({ state: "rejected", code: "ERR_CACHE_LIMIT" });
    expect(events).toMatchObject([{ type: "rejected", level: "warning" }, { level: "warning" }]);
    expect(await createCache({ store }).has("k")).toBe(true);
  });

  it("an entry longer than any can be is damage like other damage, and is set aside", async () => {
    const store = memoryStore({ maxBytes: 10_000_000 });
    const events: CacheEvent[] = [];
    const cache = createCache({ store, onEvent: (event) => events.push(event) });
    await cache.set("k", 1);
    for await (const { name } of store.list("entries")) await store.put(name, new Uint8Array(2_000_000));
    expect(await cache.lookup("k")).toMatchObject({ state: "rejected", code: "ERR_CACHE_AUTH" });
    expect(events.map(({ type, level }) => `${type} ${level}`)).toContain("quarantined security");
    await cache.set("k", 2);
    for await (const { name } of store.list("entries")) await store.put(name, new Uint8Array(2_000_000));
    expect(await verifyStore({ store })).toMatchObject({ damaged: 1, problems: [{ code: "ERR_CACHE_AUTH" }] });
    expect((await cache.lookup("k")).state).toBe("miss");
  });

  it("an entry in the format of a later version is left, and counted as somebody else's", async () => {
    const store = memoryStore({ maxBytes: 1_000_000 });
    await createCache({ store }).set("k", 1);
    for await (const { name } of store.list("entries")) {
      const bytes = (await store.get(name)) as Uint8Array;
      bytes[8] = 9;
      await store.put(name, bytes);
    }
    expect(await verifyStore({ store })).toMatchObject({
      damaged: 0,
      foreign: 1,
      problems: [{ code: "ERR_CACHE_UNSUPPORTED_VERSION" }],
    });
  });
});
