import { referenceStore } from "@cache/conformance";
import { createCache, pool, type Signer, type Store } from "@cache/core";
import { SigningKey } from "@cache/core/keyring";
import { listEntries, transferEntries } from "@cache/core/maintenance";
import { memoryStore } from "@cache/memory";
import { ed25519Signer } from "@cache/signer";
import { describe, expect, it } from "vitest";
import { bound, cacheOver, slots, strangers } from "./slots.ts";

const memory = (): Store => memoryStore({ maxBytes: 64_000_000 });
const LARGE = "v".repeat(50_000);

describe("a view of a cache", () => {
  it("shows what it accepts, to every way of reading, and writes as ever", async () => {
    const store = memory();
    const [ada, bob] = ["ada", "bob"].map((writer) => createCache({ store, writer }));
    await ada?.set("a", 1);
    await bob?.set("b", 2);
    const view = createCache({ store }).view(({ writer }) => writer === "ada");
    expect([await view.get("a"), await view.get("b")]).toEqual([1, undefined]);
    expect([await view.has("a"), await view.has("b")]).toEqual([true, false]);
    expect(await view.lookup("b")).toEqual({ state: "miss" });
    expect(await view.getMany(["a", "b"])).toEqual(new Map([["a", 1]]));
    expect(await view.getOrSet("b", () => 3)).toBe(3);
    expect(await bob?.get("b")).toBe(3);
  });

  it("that shows nothing computes everything anew, and keeps it", async () => {
    const cache = createCache({ store: memory() });
    let runs = 0;
    const fresh = cache.view(() => false);
    for (const want of [1, 2, 3]) expect(await fresh.getOrSet("k", () => ++runs)).toBe(want);
    expect(await cache.get("k")).toBe(3);
  });

  it("of a view shows what both show, in namespaces as well", async () => {
    const cache = createCache({ store: memory() });
    const below = cache.namespace("below");
    for (const each of [cache, below]) for (const size of [1, 10, 100]) await each.set(String(size), "x".repeat(size));
    const view = cache.view(({ size }) => size > 5).view(({ size }) => size < 50);
    for (const each of [view, view.namespace("below")]) {
      expect([await each.has("1"), await each.has("10"), await each.has("100")]).toEqual([false, true, false]);
    }
  });

  it("takes only a yes for a yes, and needs a function", async () => {
    const cache = createCache({ store: memory() });
    await cache.set("k", 1);
    for (const answer of [undefined, 1, "yes", Promise.resolve(true)]) {
      expect(await cache.view(() => answer as never).has("k")).toBe(false);
    }
    expect(() => cache.view(undefined as never)).toThrow(TypeError);
  });

  it("knows of whom and since when, and is not asked about what does not hold", async () => {
    const identity = SigningKey.generate();
    const store = memory();
    const now = () => 1_700_000_000_000;
    await createCache({ store, sign: ed25519Signer({ identity }), now, ttl: 1000 }).set("k", 1);
    const asked: unknown[] = [];
    const reading = { store, sign: ed25519Signer({ trusted: [identity.publicKey] }), now };
    await createCache(reading)
      .view((found) => asked.push(found) > 0)
      .get("k");
    expect(asked).toMatchObject([{ trust: "signed", created: now(), expires: now() + 1000, writer: "" }]);
    await createCache({ ...reading, sign: ed25519Signer({ identity: SigningKey.generate() }) })
      .view((found) => asked.push(found) > 0)
      .get("k");
    expect(asked).toHaveLength(1);
  });
});

describe("a pool of stores", () => {
  it("is read as one, copies nothing, and refuses every change", async () => {
    const [one, two] = [memory(), referenceStore()];
    await createCache({ store: one }).set("a", 1);
    for (const [key, value] of [
      ["a", 2],
      ["b", LARGE],
    ] as const)
      await createCache({ store: two }).set(key, value);
    const pooled = pool(one, two);
    const cache = createCache({ store: pooled });
    expect([await cache.get("a"), await cache.get("b"), await cache.get("c")]).toEqual([1, LARGE, undefined]);
    expect(await createCache({ store: one }).has("b")).toBe(false);
    await expect(cache.set("c", 1)).rejects.toMatchObject({ code: "ERR_CACHE_READ_ONLY" });
    await expect(cache.delete("a")).rejects.toMatchObject({ code: "ERR_CACHE_READ_ONLY" });
    await expect(cache.blobs.put((async function* () {})())).rejects.toMatchObject({ code: "ERR_CACHE_READ_ONLY" });
    const keys: string[] = [];
    for await (const { key } of listEntries({ store: pooled })) keys.push(key);
    expect(keys.sort()).toEqual(["a", "b"]);
  });

  it("fails where a store fails, since that may have what the others lack", async () => {
    const broken = { ...referenceStore(), get: () => Promise.reject(new Error("gone")) } as unknown as Store;
    await expect(createCache({ store: pool(broken, memory()) }).get("a")).rejects.toMatchObject({
      code: "ERR_CACHE_STORE",
    });
    expect(() => pool(...([] as unknown as [Store]))).toThrow(TypeError);
  });
});

describe("a transfer between caches", () => {
  const every = Object.keys(slots).flatMap((from) => Object.keys(slots).map((to) => [from, to] as const));

  it.each(every)("brings everything along, with its times: %s to %s", async (from, to) => {
    const [source, target] = [memory(), memory()];
    const cache = cacheOver(source, slots[from]?.() ?? {}, { ttl: "1h" });
    await cache.set("small", 1);
    await cache.set("large", LARGE);
    await cache.namespace("below").set("small", 2);
    const sides = {
      from: { store: source, ...slots[from]?.() },
      to: { store: target, ...slots[to]?.() },
    };
    expect(await transferEntries({ ...sides, dryRun: true })).toMatchObject({ copied: 3, refused: 0 });
    for await (const _ of target.list("entries")) expect.unreachable();
    expect(await transferEntries(sides)).toMatchObject({ copied: 3, there: 0, expired: 0, refused: 0 });
    const other = cacheOver(target, slots[to]?.() ?? {});
    expect([await other.get("small"), await other.get("large")]).toEqual([1, LARGE]);
    expect(await other.namespace("below").get("small")).toBe(2);
    const [before, after] = [await cache.lookup("large"), await other.lookup("large")];
    expect(after.state === "hit" && before.state === "hit" && [after.created, after.expires]).toEqual(
      before.state === "hit" && [before.created, before.expires],
    );
    await cache.set("small", 3);
    expect(await transferEntries(sides)).toMatchObject({ copied: 0, there: 3 });
    expect(await transferEntries({ ...sides, namespace: "builds", overwrite: true })).toMatchObject({ copied: 2 });
    expect(await other.get("small")).toBe(3);
    expect(await transferEntries({ ...sides, overwrite: true, move: true })).toMatchObject({ copied: 3 });
    expect([await cache.has("small"), await other.has("small")]).toEqual([false, true]);
  });

  it("takes nothing away where it must not write, or where the other cache has something else by then", async () => {
    const [source, target] = [memory(), memory()];
    const signed = slots["signed with Ed25519"] as () => { sign: Signer };
    await cacheOver(source, signed()).set("key", "mine");
    const { sign } = signed();
    const reader = { verify: sign.verify.bind(sign), sign: sign.sign.bind(sign) };
    const moving = transferEntries({ from: { store: source, sign: reader }, to: { store: target }, move: true });
    await expect(moving).rejects.toMatchObject({ code: "ERR_CACHE_READ_ONLY" });

    const busy: Store = {
      ...bound(target),
      async put(name, bytes, options) {
        const result = await target.put(name, bytes, options);
        if (name.startsWith("entries/")) await cacheOver(target, {}).set("key", "theirs");
        return result;
      },
    };
    await transferEntries({ from: { store: source, ...signed() }, to: { store: busy }, move: true });
    expect(await cacheOver(target, {}).get("key")).toBe("theirs");
    expect(await cacheOver(source, signed()).get("key")).toBe("mine");
  });

  it("refuses options that it does not know, and sides that are none", async () => {
    const side = { store: memory() };
    for (const wrong of [{ from: side }, { from: side, to: side, overwirte: true }, { from: side, to: {} }]) {
      await expect(transferEntries(wrong as never)).rejects.toThrow(TypeError);
    }
  });

  it("leaves behind what does not hold, what is of others, and what is over", async () => {
    let time = 1_700_000_000_000;
    const now = () => time;
    const own = slots["sealed and signed"] as () => object;
    const [source, target] = [memory(), memory()];
    await cacheOver(source, own(), { now }).set("kept", 1);
    await cacheOver(source, own(), { now, ttl: 1000 }).set("over", 1);
    await cacheOver(source, (strangers["sealed and signed"] as () => object)(), { now }).set("of others", 1);
    time += 2000;
    const from = { store: source, ...own(), now };
    const report = await transferEntries({ from, to: { store: target, ...own() } });
    expect(report).toMatchObject({ copied: 1, expired: 1, refused: 1 });
    for (const damaged of ["sealed", "plain"] as const) {
      const store = memory();
      await cacheOver(store, slots[damaged]?.() ?? {}).set("k", 1);
      for await (const { name } of store.list("entries")) {
        const bytes = (await store.get(name)) as Uint8Array;
        await store.put(
          name,
          bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte)),
        );
      }
      const sides = { from: { store, ...slots[damaged]?.() }, to: { store: target } };
      expect(await transferEntries(sides)).toMatchObject({ copied: 0, refused: 1 });
    }
    await expect(
      transferEntries({
        from: { store: source },
        to: { store: target, sign: ed25519Signer({ trusted: [SigningKey.generate().publicKey] }) },
      }),
    ).rejects.toMatchObject({ code: "ERR_CACHE_READ_ONLY" });
  });
});
