import { createHash } from "node:crypto";
import { type Cache, createCache, readOnly, type Signer, type Store } from "@cache/core";
import { memoryStore } from "@cache/memory";
import { describe, expect, it } from "vitest";
import { Process, requestOf } from "./process.ts";

const memory = () => memoryStore({ maxBytes: "50MB" });
const never = () => new Promise<never>(() => {});
const processOver = (store: Store, timeout: "1h" | "300ms" = "1h") => new Process(createCache({ store }), { timeout });

/** A store that fails in places while something is switched on. */
function faulty(shared: Store, faults: Partial<Store>) {
  const fault = { isOn: false };
  const over = (name: "put" | "delete") => (fault.isOn ? (faults[name] ?? shared[name]) : shared[name]);
  const store: Store = {
    ...shared,
    put: (...args) => (over("put") as Store["put"])(...args),
    delete: (...args) => (over("delete") as Store["delete"])(...args),
  };
  return { store, fault };
}

const full = () => Promise.reject(new Error("the disk is full"));

/** Proofs that anybody could make; what matters is whether it has an identity. */
const signer: Signer = {
  identity: { algorithm: 1, keyId: new Uint8Array(16) },
  sign: (message) => createHash("sha256").update(message).digest(),
  verify: (_, message, proof) => {
    const isValid = createHash("sha256").update(message).digest().equals(proof);
    return isValid ? { verdict: "valid", retired: false } : { verdict: "invalid" };
  },
};

const READERS: readonly [string, (store: Store) => Cache][] = [
  ["store", (store) => createCache({ store: readOnly(store), sign: signer })],
  ["signer", (store) => createCache({ store, sign: { ...signer, identity: undefined } })],
];

describe.each(READERS)("a cache whose %s only reads", (_, readerOver) => {
  const both = () => {
    const shared = memory();
    return [new Process(readerOver(shared)), new Process(createCache({ store: shared, sign: signer }))] as const;
  };

  it("reads what others stored after it failed to", async () => {
    const [reader, writer] = both();
    await expect(reader.fetch("own")).rejects.toMatchObject({ code: "ERR_CACHE_READ_ONLY" });
    await writer.fetch("of the writer");
    for (let times = 0; times < 2; times += 1) expect(await reader.read()).toBe("of the writer");
    expect(reader.errors).toHaveLength(1);
  });

  it("reads what others stored after it invalidated, and nothing from before", async () => {
    const [reader, writer] = both();
    await writer.fetch("old");
    expect(await reader.read()).toBe("old");
    await reader.store.delete(requestOf());
    expect(reader.errors).toEqual([expect.objectContaining({ code: "ERR_CACHE_READ_ONLY" })]);
    for (let times = 0; times < 2; times += 1) expect(await reader.read()).toBeUndefined();
    await writer.store.delete(requestOf());
    await writer.fetch("new");
    expect(await reader.read()).toBe("new");
    expect(reader.errors).toHaveLength(1);
  });
});

describe("a put that failed", () => {
  it("takes nothing from others", async () => {
    const shared = memory();
    const { store, fault } = faulty(shared, { put: full });
    const [one, another, third] = [processOver(store), processOver(shared), processOver(shared)];
    fault.isOn = true;
    await expect(one.fetch("lost")).rejects.toMatchObject({ code: "ERR_CACHE_STORE" });
    const slow = await third.ask();
    await another.fetch("of another");
    for (fault.isOn of [true, false]) expect(await one.read()).toBe("of another");
    await third.keep(slow, "of a third");
    expect(await another.read()).toBe("of a third");
    expect(one.errors).toHaveLength(1);
  });

  it("is looked at again: what it left that was invalidated goes", async () => {
    const shared = memory();
    const another = processOver(shared);
    const { store, fault } = faulty(shared, {
      put: async (...args) => {
        fault.isOn = false;
        await another.store.delete(requestOf());
        await shared.put(...args);
        throw new Error("the connection is gone");
      },
    });
    const [one, third] = [processOver(store), processOver(shared)];
    const request = await one.ask();
    fault.isOn = true;
    await expect(one.keep(request, "old")).rejects.toMatchObject({ code: "ERR_CACHE_STORE" });
    expect(await third.read()).toBe("old");
    expect(await one.read()).toBeUndefined();
    expect(await third.read()).toBeUndefined();
  });
});

describe("an invalidation", () => {
  it("that cannot be said removes all the same, and is said as soon as it can be", async () => {
    const shared = memory();
    const { store, fault } = faulty(shared, { put: full });
    const [one, another, third] = [processOver(store), processOver(shared), processOver(shared)];
    await one.fetch("old");
    const slow = await third.ask(requestOf("/slow"));
    fault.isOn = true;
    for (const path of ["/", "/slow"]) await one.store.delete(requestOf(path));
    expect(await another.read()).toBeUndefined();
    await another.fetch("new");
    fault.isOn = false;
    for (const path of ["/", "/slow"]) await one.read(requestOf(path));
    expect(await another.read()).toBe("new");
    await third.keep(slow, "old");
    expect(await another.read(requestOf("/slow"))).toBeUndefined();
  });

  it("tells of the first failure when neither could be done", async () => {
    const { store, fault } = faulty(memory(), { put: full, delete: () => Promise.reject(new Error("not allowed")) });
    const one = processOver(store);
    fault.isOn = true;
    await one.store.delete(requestOf());
    const cause = expect.objectContaining({ message: "the disk is full" });
    expect(one.errors).toEqual([expect.objectContaining({ code: "ERR_CACHE_STORE", cause })]);
  });

  it("that was tried in vain is not forgotten over a response that must not be kept", async () => {
    const shared = memory();
    const { store, fault } = faulty(shared, { put: full });
    const [one, third] = [processOver(store), processOver(shared)];
    const slow = await third.ask();
    const unwanted = await one.ask();
    fault.isOn = true;
    await one.store.delete(requestOf());
    fault.isOn = false;
    await one.store.delete(unwanted);
    await third.keep(slow, "old");
    expect(await third.read()).toBeUndefined();
  });

  it("waits for no put", async () => {
    const shared = memory();
    const held: (() => void)[] = [];
    const { store, fault } = faulty(shared, {
      put: async (...args) => {
        fault.isOn = false;
        await new Promise<void>((resolve) => held.push(resolve));
        return shared.put(...args);
      },
    });
    const [one, another] = [processOver(store), processOver(shared)];
    const request = await one.ask();
    fault.isOn = true;
    const keeping = one.keep(request, "old");
    await expect.poll(() => held).toHaveLength(1);
    await one.store.delete(requestOf());
    held[0]?.();
    await keeping;
    expect([await one.read(), await another.read()]).toEqual([undefined, undefined]);
  });
});

describe("a store that never answered", () => {
  it("a put holds nobody up for longer than the timeout", async () => {
    const { store, fault } = faulty(memory(), { put: never });
    const one = processOver(store, "300ms");
    const request = await one.ask();
    fault.isOn = true;
    const late = { code: "ERR_CACHE_STORE", cause: expect.objectContaining({ name: "TimeoutError" }) };
    await expect(one.keep(request, "lost")).rejects.toMatchObject(late);
    fault.isOn = false;
    expect(await one.read()).toBeUndefined();
    await one.fetch("kept");
    expect(await one.read()).toBe("kept");
    expect(one.errors).toHaveLength(1);
  });

  it("an invalidation is tried, and is over", async () => {
    const shared = memory();
    const { store, fault } = faulty(shared, { put: never });
    const [one, another] = [processOver(store, "300ms"), processOver(shared)];
    await one.fetch("old");
    fault.isOn = true;
    await one.store.delete(requestOf());
    expect([await one.read(), await another.read()]).toEqual([undefined, undefined]);
  });

  it("what lands late, and was invalidated by then, is taken out again", async () => {
    const shared = memory();
    const held: (() => void)[] = [];
    let landed = false;
    const { store, fault } = faulty(shared, {
      // It does not listen when it is told to stop.
      put: async (name, bytes) => {
        fault.isOn = false;
        await new Promise<void>((resolve) => held.push(resolve));
        const result = await shared.put(name, bytes);
        landed = true;
        return result;
      },
    });
    const [one, another] = [processOver(store, "300ms"), processOver(shared)];
    const request = await one.ask();
    fault.isOn = true;
    await expect(one.keep(request, "old")).rejects.toMatchObject({ code: "ERR_CACHE_STORE" });
    await another.store.delete(requestOf());
    held[0]?.();
    await expect.poll(async () => [landed, await processOver(shared).read()]).toEqual([true, undefined]);
  });
});
