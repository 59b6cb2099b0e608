import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { callRecords } from "@cache/calls";
import { fileStore } from "@cache/cas";
import { createCache, memoize, structuredCodec } from "@cache/core";
import { digestOf } from "@cache/core/digest";
import { expect, it } from "vitest";
import { runProgram } from "./audit-logs.ts";
import { sample } from "./memoize-sample.mjs";
import { directory } from "./slots.ts";

/** What a worker thread over a directory tells. */
function toldBy(dir: string): Promise<{ digest: string; result: unknown; runs: number }> {
  // The threads run what was built, without the conditions by which tests find the sources.
  const worker = new Worker(new URL("./memoize-worker.mjs", import.meta.url), { workerData: dir, execArgv: [] });
  return new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

it("memoize: worker threads over one directory give each other's results, and record who ran", async () => {
  const dir = join(directory(), "store");
  const first = await toldBy(dir);
  const second = await toldBy(dir);
  expect([first.runs, second.runs]).toEqual([1, 0]);
  expect([first.result, second.result]).toEqual([7n, 7n]);
  const cache = createCache({ store: fileStore(dir), codec: structuredCodec });
  const here = memoize(cache, (_: unknown): unknown => expect.fail("it ran"), { name: "first", version: 1 });
  expect([first.digest, second.digest]).toEqual([here.digest(sample()), here.digest(sample())]);
  expect(await here(sample())).toBe(7n);
  expect(await callRecords(cache).query().count()).toBe(1);
});

it("digestOf: another process comes to the same digest", async () => {
  const program = `
    import { digestOf } from "@cache/core/digest";
    import { sample } from "./test/memoize-sample.mjs";
    process.stdout.write(digestOf(sample()));
  `;
  expect(await runProgram(program)).toBe(digestOf(sample()));
});
