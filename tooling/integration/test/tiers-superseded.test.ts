import { describe, expect, it } from "vitest";
import { type farStore, nameOf, owing } from "./owed-tier.ts";

const NAME = nameOf("entries", 10);
const one = Uint8Array.of(1);
const two = Uint8Array.of(2);
const three = Uint8Array.of(3, 3, 3);

describe("an owed write that finds another one there", () => {
  /** A store that tells whole seconds, and at which time the value there came. */
  function withTime(far: ReturnType<typeof farStore>, timeOf: (modified: number) => number) {
    const { stat } = far.store;
    far.store.stat = async (...args) => {
      const found = await stat(...args);
      return found && { ...found, modified: timeOf(found.modified) };
    };
  }
  const wholeSeconds = (time: number): number => Math.floor(time / 1000) * 1000;

  it("is told as superseded when that is newer, and a close is no failure", async () => {
    const { far, store, events } = owing();
    far.isDown = true;
    await store.put(NAME, one);
    far.isDown = false;
    await far.inner.put(NAME, three);
    await store[Symbol.asyncDispose]();
    expect(events.map(({ type, owed }) => [type, owed])).toEqual([
      ["failed", 0],
      ["owed", 1],
      ["recovered", 1],
      ["superseded", 0],
      ["paid", 0],
    ]);
    expect(await far.inner.get(NAME)).toEqual(three);
  });

  it("gives way to one of the same second where the tier counts whole seconds", async () => {
    const { far, store, types } = owing();
    withTime(far, wholeSeconds);
    far.isDown = true;
    await store.put(NAME, one);
    far.isDown = false;
    await far.inner.put(NAME, three);
    await store[Symbol.asyncDispose]();
    expect(await far.inner.get(NAME)).toEqual(three);
    expect(types()).toContain("superseded");
  });

  it("gives way to one of the same millisecond", async () => {
    const { far, store } = owing();
    far.isDown = true;
    let since = 0;
    do {
      since = Date.now();
      await store.put(NAME, one);
    } while (Date.now() !== since);
    await far.inner.put(NAME, three);
    withTime(far, () => since);
    far.isDown = false;
    await store[Symbol.asyncDispose]();
    expect(await far.inner.get(NAME)).toEqual(three);
  });

  it("replaces one of seconds ago", async () => {
    const { far, store, types } = owing();
    withTime(far, (time) => wholeSeconds(time) - 5000);
    await far.inner.put(NAME, three);
    far.isDown = true;
    await store.put(NAME, one);
    far.isDown = false;
    await store[Symbol.asyncDispose]();
    expect(await far.inner.get(NAME)).toEqual(one);
    expect(types()).not.toContain("superseded");
  });

  it("replaces what this process put there itself, in whatever second", async () => {
    const { far, store, types } = owing();
    withTime(far, wholeSeconds);
    await store.put(NAME, three);
    far.isDown = true;
    await store.put(NAME, one);
    far.isDown = false;
    await store[Symbol.asyncDispose]();
    expect(await far.inner.get(NAME)).toEqual(one);
    expect(types()).not.toContain("superseded");
  });

  it("replaces what this process put there before and what landed only after it", async () => {
    const { far, store } = owing({ write: "back" });
    let replaced: Promise<unknown> | undefined;
    far.before = async () => {
      if (replaced !== undefined) return;
      replaced = store.put(NAME, two);
      const since = Date.now();
      await expect.poll(() => Date.now(), { interval: 1 }).toBeGreaterThan(since + 1);
    };
    await store.put(NAME, one);
    await expect.poll(() => replaced).toBeDefined();
    await replaced;
    await store[Symbol.asyncDispose]();
    expect(await far.inner.get(NAME)).toEqual(two);
  });

  it("replaces what this process put there before, was given up, and landed late", async () => {
    const { far, store } = owing({ timeout: 20 });
    let land = (): void => {};
    const landing = new Promise<void>((resolve) => (land = resolve));
    far.before = () => landing;
    await store.put(NAME, one);
    await store.put(NAME, two);
    land();
    await expect.poll(() => far.inner.get(NAME), { interval: 1 }).toEqual(one);
    await store[Symbol.asyncDispose]();
    expect(await far.inner.get(NAME)).toEqual(two);
  });
});
