import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memoryStore } from "../src/index.ts";
import { Model } from "./model.ts";
import { name } from "./samples.ts";

const KEYS = 40;
const MAX = 20_000;

const key = fc.nat(KEYS - 1);
const operation = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("put" as const), key, length: fc.nat(700) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("put" as const), key, length: fc.nat(21_000) }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("get" as const), key, length: fc.constant(0) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("delete" as const), key, length: fc.constant(0) }) },
);

async function survivors(store: ReturnType<typeof memoryStore>): Promise<string[]> {
  const out: string[] = [];
  for await (const row of store.list("blobs")) out.push(`${row.name} ${row.size}`);
  return out.sort();
}

describe("eviction", () => {
  it("agrees with the naive model after every operation, to the byte", async () => {
    const sequences = fc.array(operation, { minLength: 1, maxLength: 600, size: "max" });
    await fc.assert(
      fc.asyncProperty(sequences, async (operations) => {
        const [store, model] = [memoryStore({ maxBytes: MAX }), new Model(MAX)];
        for (const { kind, key, length } of operations) {
          if (kind === "put") {
            const put = store.put(name(key), new Uint8Array(length)).then(
              () => true,
              () => false,
            );
            expect(await put).toBe(model.put(key, length));
          } else if (kind === "get") {
            expect((await store.get(name(key)))?.length).toBe(model.use(key)?.length);
          } else {
            await store.delete(name(key));
            model.delete(key);
          }
          expect(await survivors(store)).toEqual(
            model
              .all()
              .map((each) => `${name(each.key)} ${each.length}`)
              .sort(),
          );
          expect([store.bytes, store.entries, store.evictions]).toEqual([
            model.bytes(),
            model.all().length,
            model.evictions,
          ]);
          expect(store.bytes).toBeLessThanOrEqual(MAX);
        }
      }),
      { numRuns: 100 },
    );
  });
});
