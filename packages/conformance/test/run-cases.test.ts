import { describe, expect, it } from "vitest";
import { type Case, ConformanceError, referenceStore, runCases, storeCases } from "../src/index.ts";

const error = new ConformanceError("it does not hold");
const cases: readonly Case<string[]>[] = [
  { name: "first: holds", run: async (log) => void log.push("first") },
  { name: "second: does not", run: (log) => Promise.reject(log.push("second") && error) },
  {
    name: "third: throws at once",
    run() {
      throw error;
    },
  },
  { name: "fourth: holds", run: async (log) => void log.push("fourth") },
];

describe("runCases", () => {
  it("runs every case in order, whatever the others did, and tells how each went", async () => {
    const log: string[] = [];
    const results = await runCases(cases, log);
    expect(log).toEqual(["first", "second", "fourth"]);
    expect(results.map(({ name, ok, error: what }) => [name, ok, what])).toEqual([
      ["first: holds", true, undefined],
      ["second: does not", false, error],
      ["third: throws at once", false, error],
      ["fourth: holds", true, undefined],
    ]);
    expect(results.every(({ milliseconds }) => milliseconds >= 0)).toBe(true);
  });

  it("gives a case up that is never over, and goes on with the next", async () => {
    const hanging: Case<string[]> = { name: "hangs", run: () => new Promise(() => undefined) };
    const results = await runCases([hanging, ...cases.slice(0, 1)], [], undefined, { timeout: 20 });
    expect(results.map(({ ok }) => ok)).toEqual([false, true]);
    expect(results[0]?.error).toMatchObject({ name: "ConformanceError", message: expect.stringContaining("20 ms") });
  });

  it("tells of each case before the next one begins", async () => {
    const log: string[] = [];
    await runCases(cases, log, ({ name }) => log.push(name));
    expect(log).toEqual([
      "first",
      "first: holds",
      "second",
      "second: does not",
      "third: throws at once",
      "fourth",
      "fourth: holds",
    ]);
  });
});

describe("the store cases", () => {
  it("run without a test runner, leave nothing behind, and touch nothing of others", async () => {
    const store = referenceStore();
    const theirs = `blobs/${"ab".repeat(32)}` as const;
    await store.put(theirs, Uint8Array.of(1, 2, 3));
    const version = (await store.stat(theirs))?.version;
    const results = await runCases(storeCases, {
      open: async () => store,
      reopen: async () => store,
      persistent: false,
    });
    expect(results.filter(({ ok }) => !ok)).toEqual([]);
    const left: string[] = [];
    for (const kind of ["blobs", "entries"] as const) for await (const row of store.list(kind)) left.push(row.name);
    expect(left).toEqual([theirs]);
    expect((await store.stat(theirs))?.version).toBe(version);
  });

  it("leave nothing behind when the store fails them", async () => {
    const inner = referenceStore();
    const store = { ...inner, get: async () => Uint8Array.of(1) };
    const results = await runCases(storeCases, {
      open: async () => store,
      reopen: async () => store,
      persistent: false,
    });
    expect(results.filter(({ ok }) => !ok).length).toBeGreaterThan(50);
    const left: string[] = [];
    for await (const row of inner.list("blobs")) left.push(row.name);
    expect(left).toEqual([]);
  });
});
