import { callRecords } from "@cache/calls";
import { memoize } from "@cache/core";
import { verifyStore } from "@cache/core/maintenance";
import { memoryStore } from "@cache/memory";
import { describe, expect, it } from "vitest";
import { cacheOver, slots, strangers } from "./slots.ts";

const digest = "d".repeat(64);
const call = {
  name: "f",
  digest,
  key: `f\n${digest}`,
  args: [],
  outcome: "computed",
  started: 1000,
  duration: 1,
} as const;

for (const [slot, makeSlots] of Object.entries(slots)) {
  describe(`the records of a ${slot} cache`, () => {
    it("tell of each run of a function, and find its result", async () => {
      const store = memoryStore({ maxBytes: 64_000_000 });
      const cache = cacheOver(store, makeSlots());
      const calls = callRecords(cache);
      const square = memoize(cache, (n: number) => n * n, { name: "square", version: 2, calls });
      await square(3);
      await square(3);
      const [record, ...others] = await calls.query({ name: "square" }).toArray();
      expect(others).toEqual([]);
      expect(record).toMatchObject({
        name: "square",
        version: "2",
        digest: square.digest(3),
        outcome: "computed",
        tags: {},
      });
      expect(record?.result).toEqual({ digest: expect.stringMatching(/^[0-9a-f]{64}$/), size: 12 });
      expect(record?.environment).toEqual({
        runtime: expect.stringMatching(/^\w+ \d/),
        platform: `${process.platform} ${process.arch}`,
      });
      expect(record).not.toHaveProperty("arguments");
      expect(await calls.result(record as never)).toEqual({ result: 9 });
      expect(await verifyStore({ store, ...makeSlots() })).toMatchObject({
        ok: 2,
        damaged: 0,
        foreign: 0,
        orphaned: 0,
      });
    });

    it("are of nobody but those who may write", async () => {
      if (slot === "plain") return;
      const store = memoryStore({ maxBytes: 64_000_000 });
      const calls = callRecords(cacheOver(store, makeSlots()));
      await callRecords(cacheOver(store, strangers[slot]?.() ?? {})).record(call);
      expect(await calls.query().count()).toBe(0);
      await calls.record(call);
      expect(await calls.query().count()).toBe(1);
    });
  });
}
