import { fileStore } from "@cache/cas";
import { createCache } from "@cache/core";
import { addKey, Keyring, MasterKey } from "@cache/core/keyring";
import { sealer } from "@cache/crypto-envelope";
import { describe, expect, it } from "vitest";
import { directory } from "./slots.ts";

const UNIT = 4096;

describe("a sealed cache in a bounded store", () => {
  it("holds what the smallest limits are to hold: a sealed value with content of its own", async () => {
    const seal = sealer(addKey(Keyring.of(), MasterKey.generate()));
    for (const limits of [{ maxBytes: 4 * UNIT }, { maxEntries: 2 }, { maxBytes: 4 * UNIT, maxEntries: 2 }]) {
      const cache = createCache({ store: fileStore(directory(), limits), seal });
      for (let n = 0; n < 20; n++) {
        await cache.set(`key ${n}`, "x".repeat(3000));
        expect(await cache.get(`key ${n}`), JSON.stringify(limits)).toBe("x".repeat(3000));
      }
    }
    for (const limits of [{ maxBytes: 4 * UNIT - 1 }, { maxEntries: 1 }]) {
      expect(() => fileStore(directory(), limits)).toThrow(TypeError);
    }
  });

  it("refuses a value that it could not hold with its entry and their notes, and holds a larger one no less", async () => {
    const seal = sealer(addKey(Keyring.of(), MasterKey.generate()));
    const cache = createCache({ store: fileStore(directory(), { maxBytes: 32 * UNIT }), seal });
    for (let length = 25 * UNIT; length < 33 * UNIT; length += UNIT) {
      const text = "x".repeat(length);
      const refused = await cache.set("key", text).then(
        () => undefined,
        (error) => error.code,
      );
      if (refused === undefined) expect(await cache.get("key"), `${length}`).toBe(text);
      else expect(refused).toBe("ERR_CACHE_LIMIT");
    }
  });
});
