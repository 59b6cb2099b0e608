import { afterEach, describe, expect, it } from "vitest";
import { fileStore } from "../src/index.ts";
import { bytesOf, nameOf, namesIn, newDirectory } from "./directories.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const { now } = Date;
afterEach(() => {
  Date.now = now;
});

const setClock = (step: number) => {
  Date.now = () => now() + step;
};

describe("a bounded store while the system's clock is set", () => {
  it.each([-400 * DAY, -HOUR, -301_000, 301_000, HOUR, 2 * DAY, 400 * DAY])(
    "keeps within its limits after a step of %d ms, and what was put last stays",
    async (step) => {
      const directory = newDirectory();
      const failures: unknown[] = [];
      const onEviction = ({ error }: { error?: unknown }) => void (error !== undefined && failures.push(error));
      const store = fileStore(directory, { maxEntries: 20, onEviction });
      for (let n = 0; n < 60; n++) {
        if (n === 30) setClock(step);
        if (n === 50) setClock(0);
        await store.put(nameOf(`value ${n}`), bytesOf(100, n));
        expect(await store.get(nameOf(`value ${n}`))).toEqual(bytesOf(100, n));
      }
      await store.maintenance.evict();
      expect((await namesIn(store, "blobs")).length).toBeLessThanOrEqual(20);
      expect(failures).toEqual([]);
    },
  );

  it.each([-400 * DAY, -HOUR, HOUR - 120_000])(
    "a sweep after a step of %d ms takes no file of a writer that works",
    async (step) => {
      const store = fileStore(newDirectory());
      const name = nameOf("value");
      const body = async function* () {
        yield bytesOf(2_000_000);
        setClock(step);
        await store.maintenance.sweepTemporary();
        yield bytesOf(2_000_000);
      };
      await store.putStream({ headLength: 0, body: body(), finish: () => ({ name, head: new Uint8Array(0) }) });
      expect((await store.stat(name))?.size).toBe(4_000_000);
    },
  );
});
