import { referenceStore } from "@cache/conformance";
import { CacheError, type Name, tiered } from "@cache/core";
import { memoryStore } from "@cache/memory";
import { describe, expect, it } from "vitest";
import { bound } from "./slots.ts";

const NAME: Name = `entries/${"0a".repeat(32)}`;
const one = Uint8Array.of(1);
const two = Uint8Array.of(2);

const memory = () => memoryStore({ maxBytes: 1_000_000 });

/** Something that is waited for until somebody lets it go on. */
function gate() {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

describe("tiers, when calls meet", () => {
  it("a read that began while a delete was under way does not bring back what it removed", async () => {
    const [near, far] = [memory(), bound(referenceStore())];
    const store = tiered(near, far);
    await store.put(NAME, one);
    await near.delete(NAME);
    const [deleting, reading] = [gate(), gate()];
    const { delete: remove, get } = far;
    far.delete = async (...args) => {
      await deleting.opened;
      await remove(...args);
    };
    far.get = async (...args) => {
      const found = await get(...args);
      await reading.opened;
      return found;
    };
    const deleted = store.delete(NAME);
    const read = store.get(NAME);
    await new Promise((resolve) => setTimeout(resolve, 5));
    deleting.open();
    await deleted;
    reading.open();
    await read;
    expect(await store.get(NAME)).toBeUndefined();
  });

  it("a read that is over before the put it met keeps no older copy", async () => {
    const [near, far] = [bound(memory()), bound(referenceStore())];
    const store = tiered(near, far);
    await far.put(NAME, one);
    const putting = gate();
    const { put } = far;
    far.put = async (...args) => {
      await putting.opened;
      return put(...args);
    };
    const { put: take } = near;
    near.put = async (name, bytes, options) => {
      if (bytes[0] === 2) throw new CacheError("ERR_CACHE_LIMIT", "too large for this tier");
      return take(name, bytes, options);
    };
    const written = store.put(NAME, two);
    const read = store.get(NAME);
    await new Promise((resolve) => setTimeout(resolve, 5));
    putting.open();
    await Promise.all([written, read]);
    expect(await store.get(NAME)).toEqual(two);
  });
});
