import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileStore } from "@cache/cas";
import {
  type Cache,
  type CacheEvent,
  createCache,
  type Listed,
  type Sealer,
  type Signer,
  type Store,
  tiered,
} from "@cache/core";
import { addKey, Keyring, MasterKey, promoteKey, retireKey, revokeKey } from "@cache/core/keyring";
import { collectGarbage, storeStats, verifyStore } from "@cache/core/maintenance";
import { sealer } from "@cache/crypto-envelope";
import { memoryStore } from "@cache/memory";
import { hmacSigner } from "@cache/signer";
import { describe, expect, it } from "vitest";
import { directory } from "./slots.ts";

const DAYS = 86_400_000;
const memory = (): Store => memoryStore({ maxBytes: 64_000_000 });
const LARGE = "x".repeat(80_000);

async function listed(store: Store): Promise<Listed[]> {
  const all: Listed[] = [];
  for (const kind of ["entries", "blobs"] as const) for await (const each of store.list(kind)) all.push(each);
  return all;
}

async function drained(pieces: AsyncIterable<Uint8Array> | undefined): Promise<void> {
  for await (const _ of pieces ?? []);
}

/** Two values, one of them with content of its own, and content by digest. */
async function fill(store: Store, slots: { seal?: Sealer; sign?: Signer }): Promise<void> {
  const cache = createCache({ store, ...slots });
  await cache.set("small", 1);
  await cache.set("large", LARGE);
  await cache.blobs.put(new Uint8Array(100));
}

describe("with another key to sign with", () => {
  const one = () => hmacSigner(Keyring.of(MasterKey.generate()));

  it("M45: delete, clear and what they are made of leave what the first key signed", async () => {
    const store = memory();
    const sign = one();
    await fill(store, { sign });
    const before = await listed(store);
    const other = createCache({ store, sign: one() });
    await other.delete("small");
    await other.deleteMany(["small", "large"]);
    await other.clear();
    await createCache({ store }).clear();
    expect((await listed(store)).filter(({ name }) => name.startsWith("entries/"))).toEqual(
      before.filter(({ name }) => name.startsWith("entries/")),
    );
    expect(await createCache({ store, sign }).get("small")).toBe(1);
  });

  it("without any, a delete removes what it is told to", async () => {
    const store = memory();
    const sign = one();
    await createCache({ store, sign }).set("k", 1);
    await createCache({ store }).delete("k");
    expect(await createCache({ store, sign }).get("k")).toBe(undefined);
  });

  it("M45: a seal in common changes nothing of that", async () => {
    const store = memory();
    const seal = sealer(Keyring.of(MasterKey.generate()));
    const sign = one();
    await createCache({ store, seal, sign }).set("k", 1);
    const other = createCache({ store, seal, sign: one() });
    expect(await other.lookup("k")).toMatchObject({ code: "ERR_CACHE_UNKNOWN_KEY" });
    await other.delete("k");
    await other.clear();
    await createCache({ store, seal }).delete("k");
    expect(await createCache({ store, seal, sign }).get("k")).toBe(1);
  });

  it("a delete that leaves it is told as a refusal, and as no delete", async () => {
    const store = memory();
    await createCache({ store, sign: one() }).set("k", 1);
    const events: CacheEvent[] = [];
    const cache = createCache({ store, sign: one(), onEvent: (event) => events.push(event) });
    await cache.delete("k");
    await cache.delete("nothing there");
    expect(events.map(({ type, code }) => [type, code])).toEqual([
      ["rejected", "ERR_CACHE_UNKNOWN_KEY"],
      ["delete", undefined],
    ]);
  });

  it("a copy of its own that lies nearer goes, and what the other key signed farther away stays", async () => {
    const sign = one();
    for (const remove of [(cache: Cache) => cache.delete("k"), (cache: Cache) => cache.clear()]) {
      const [near, far] = [memory(), memory()];
      const cache = createCache({ store: tiered(near, far), sign });
      await cache.set("k", "ours");
      const theirs = createCache({ store: far, sign: one() });
      await theirs.set("k", "theirs");
      await remove(cache);
      expect(await cache.get("k")).toBe(undefined);
      expect(await theirs.get("k")).toBe("theirs");
    }
  });

  it("its own entry goes, though another key's copy lies nearer", async () => {
    const sign = one();
    for (const remove of [(cache: Cache) => cache.delete("k"), (cache: Cache) => cache.clear()]) {
      const [near, far] = [memory(), memory()];
      const cache = createCache({ store: tiered(near, far), sign });
      await cache.set("k", "ours");
      await createCache({ store: near, sign: one() }).set("k", "theirs");
      await remove(cache);
      expect(await createCache({ store: far, sign }).get("k")).toBe(undefined);
    }
  });

  it("its own entries, and damaged ones, are removed as ever", async () => {
    const store = memory();
    const sign = one();
    await fill(store, { sign });
    const cache = createCache({ store, sign });
    await createCache({ store, sign: one() }).set("theirs", 1);
    for await (const { name } of store.list("entries")) {
      const bytes = await store.get(name);
      if (bytes === undefined) continue;
      bytes[bytes.length - 1] = 0xff ^ (bytes.at(-1) ?? 0);
      await store.put(name, bytes);
      break;
    }
    await cache.delete("small");
    await cache.clear();
    expect((await listed(store)).filter(({ name }) => name.startsWith("entries/"))).toHaveLength(1);
  });
});

describe("verifyStore", () => {
  const seal = sealer(Keyring.of(MasterKey.generate()));
  const nothing = { ok: 0, damaged: 0, expired: 0, missing: 0, foreign: 0, orphaned: 0 };

  it("counts everything of a sealed cache once, its notes with what they are about", async () => {
    const store = memory();
    await fill(store, { seal });
    expect(await verifyStore({ store, seal })).toMatchObject({ ...nothing, ok: 3, problems: [] });
  });

  it("with other keys finds as many foreign things as are stored, and changes nothing", async () => {
    const store = memory();
    await fill(store, { seal });
    const before = await listed(store);
    const other = sealer(Keyring.of(MasterKey.generate()));
    for (const slots of [{ seal: other }, {}]) {
      const { problems, ...report } = await verifyStore({ store, ...slots });
      expect(report).toMatchObject({ ...nothing, foreign: before.length });
      expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(["ERR_CACHE_UNKNOWN_KEY"]));
      expect(problems).toHaveLength(before.length);
    }
    expect(await listed(store)).toEqual(before);
  });

  it("tells plain neighbours in a sealed store from its own", async () => {
    const store = memory();
    await fill(store, { seal });
    await fill(store, {});
    // Three plain things and the content of one of them.
    expect(await verifyStore({ store, seal })).toMatchObject({ ...nothing, ok: 3, foreign: 4 });
    const plain = await verifyStore({ store });
    expect(plain).toMatchObject({ ...nothing, ok: 4, foreign: (await listed(store)).length - 4 });
  });

  it("counts what has lost its note, and notes of what is gone, as orphaned", async () => {
    const store = memory();
    const cache = createCache({ store, seal });
    await cache.set("a", 1);
    await cache.set("b", 2);
    const [first] = await listed(store);
    await store.delete((first as Listed).name);
    expect(await verifyStore({ store, seal })).toMatchObject({ ...nothing, ok: 1, orphaned: 1 });
  });

  it("content that lost its note, and content that no entry names any more, is orphaned: it cannot be verified", async () => {
    const store = memory();
    const cache = createCache({ store, seal });
    await cache.blobs.put(new Uint8Array(100));
    await cache.set("large", LARGE);
    const later = () => Date.now() + 1000;
    expect(await verifyStore({ store, seal, now: later })).toMatchObject({ ...nothing, ok: 2 });
    for await (const { name } of store.list("notes")) {
      if ((await store.stat(`blobs/${name.slice(6)}`)) !== undefined) await store.delete(name);
    }
    await cache.set("large", "small by now");
    expect(await verifyStore({ store, seal, now: later })).toMatchObject({ ...nothing, ok: 1, orphaned: 2 });
  });

  it("a note from the future is replaced by the next write, like one that is old", async () => {
    const path = join(directory(), "store");
    const store = fileStore(path);
    const cache = createCache({ store, seal });
    await cache.set("a", 1);
    const notes: string[] = [];
    for await (const { name } of store.list("notes")) notes.push(name.slice(6));
    const [digits] = notes as [string];
    const file = join(path, "v1", "notes", digits.slice(0, 2), digits);
    writeFileSync(file, new Uint8Array(50));
    utimesSync(file, new Date("2099-01-01"), new Date("2099-01-01"));
    await cache.set("a", 2);
    await cache.clear();
    expect(await cache.get("a")).toBeUndefined();
  });

  it("a damaged note is damage: it is set aside, and the next write leaves another", async () => {
    const store = memory();
    const cache = createCache({ store, seal });
    await cache.set("a", 1);
    for await (const { name } of store.list("notes")) await store.put(name, new Uint8Array(100));
    const report = await verifyStore({ store, seal });
    expect(report).toMatchObject({ ...nothing, damaged: 1, orphaned: 1 });
    expect(report.problems).toMatchObject([{ kind: "notes", code: "ERR_CACHE_AUTH" }]);
    expect(await cache.get("a")).toBe(1);
    await cache.set("a", 2);
    expect(await verifyStore({ store, seal })).toMatchObject({ ...nothing, ok: 1 });
  });

  it("what is deleted or cleared takes its note with it", async () => {
    const store = memory();
    const cache = createCache({ store, seal });
    const digest = await cache.blobs.put(new Uint8Array(100));
    await cache.set("a", 1);
    await cache.set("b", 2);
    await cache.delete("a");
    await cache.clear();
    await cache.blobs.delete(digest);
    expect(await storeStats({ store })).toMatchObject({
      entries: { count: 0 },
      blobs: { count: 0 },
      notes: { count: 0 },
    });
  });

  it("M45: a cache without keys leaves what others sealed, though it asks for it as a digest", async () => {
    const store = memory();
    const digest = await createCache({ store, seal }).blobs.put(new Uint8Array(100_000));
    const events: CacheEvent[] = [];
    const plain = createCache({ store, onEvent: (event) => void events.push(event) });
    for await (const { name } of store.list("blobs")) {
      const asked = name.slice("blobs/".length);
      expect(await plain.blobs.get(asked)).toBeUndefined();
      expect(await plain.blobs.has(asked)).toBe(false);
      await expect(drained(await plain.blobs.open(asked))).rejects.toMatchObject({ code: "ERR_CACHE_UNKNOWN_KEY" });
    }
    expect(events.filter(({ level }) => level === "security")).toEqual([]);
    expect(await createCache({ store, seal }).blobs.has(digest)).toBe(true);
  });

  it("damage in the first bytes of sealed content is damage, not somebody else's", async () => {
    const store = memory();
    const cache = createCache({ store, seal });
    await cache.blobs.put(new Uint8Array(100));
    const { name } = (await listed(store)).at(-1) as Listed;
    const bytes = Uint8Array.from((await store.get(name)) as Uint8Array);
    bytes[0] = 0;
    await store.put(name, bytes);
    expect(await verifyStore({ store, seal })).toMatchObject({ ...nothing, damaged: 1 });
  });

  it("damaged content behind sealed entries is damage, however many name it, and the entries stay", async () => {
    const damages: [string, (bytes: Uint8Array) => Uint8Array][] = [
      ["cut", (bytes) => bytes.slice(0, -1)],
      ["flipped", (bytes) => bytes.map((byte, i) => (i === 20_000 ? byte ^ 1 : byte))],
    ];
    for (const [title, damage] of damages) {
      const store = memory();
      const cache = createCache({ store, seal });
      await cache.set("a", LARGE);
      await cache.set("b", LARGE);
      const { name } = (await listed(store)).at(-1) as Listed;
      await store.put(name, damage((await store.get(name)) as Uint8Array));
      const report = await verifyStore({ store, seal });
      expect(report, title).toMatchObject({ ...nothing, damaged: 1, missing: 1 });
      expect(report.problems, title).toMatchObject([{ kind: "blobs", code: "ERR_CACHE_AUTH" }]);
      expect(await verifyStore({ store, seal }), title).toMatchObject({ ...nothing, missing: 2 });
      await cache.set("a", LARGE);
      expect(await cache.get("b"), title).toBe(LARGE);
    }
  });

  it("an entry whose content is gone is missing", async () => {
    for (const slots of [{}, { seal }]) {
      const store = memory();
      await createCache({ store, ...slots }).set("large", LARGE);
      await store.delete(((await listed(store)).at(-1) as Listed).name);
      expect(await verifyStore({ store, ...slots })).toMatchObject({ ...nothing, missing: 1 });
    }
  });
});

describe("collectGarbage", () => {
  it("takes the note of an expired entry with it, and of one that was put meanwhile leaves it", async () => {
    const seal = sealer(Keyring.of(MasterKey.generate()));
    const store = memory();
    let clock = Date.now();
    const now = () => clock;
    const cache = createCache({ store, seal, now });
    await cache.set("brief", 1, { ttl: "1m" });
    await cache.set("again", 1, { ttl: "1m" });
    clock += 120_000;
    await cache.set("again", 2);
    expect(await collectGarbage({ store, seal, now })).toMatchObject({ expiredEntries: 1 });
    expect(await storeStats({ store })).toMatchObject({ entries: { count: 1 }, notes: { count: 1 } });
    expect(await verifyStore({ store, seal, now })).toMatchObject({ ok: 1, orphaned: 0 });
  });
});

describe("what a revoked key wrote", () => {
  const [old, next] = [MasterKey.generate(), MasterKey.generate()];
  const before = Keyring.of(old);
  const after = revokeKey(promoteKey(addKey(before, next), next.id), old.id);
  const stranger = Keyring.of(MasterKey.generate());

  for (const [title, slotsOf] of Object.entries({
    sealed: (keyring: Keyring) => ({ seal: sealer(keyring) }),
    signed: (keyring: Keyring) => ({ sign: hmacSigner(keyring) }),
  })) {
    it(`${title}: is foreign to a verification and goes with a collection once it is old`, async () => {
      const store = memory();
      await fill(store, slotsOf(before));
      const all = await listed(store);
      const now = () => Date.now() + 31 * DAYS;
      expect((await verifyStore({ store, ...slotsOf(after) })).foreign).toBeGreaterThan(1);
      expect(await collectGarbage({ store, ...slotsOf(after) })).toMatchObject({ revoked: 0, bytes: 0 });
      expect(await collectGarbage({ store, ...slotsOf(after), now, dryRun: true })).not.toMatchObject({ revoked: 0 });
      expect(await listed(store)).toEqual(all);
      await collectGarbage({ store, ...slotsOf(after), now });
      // Content that is not sealed is named by no entry any more, and goes in the same run or the next.
      await collectGarbage({ store, ...slotsOf(after), now });
      expect(await listed(store)).toEqual([]);
    });

    it(`${title}: what an unknown key wrote stays, however old its entries are`, async () => {
      const store = memory();
      await fill(store, slotsOf(before));
      const entries = async () => (await listed(store)).filter(({ name }) => name.startsWith("entries/"));
      const all = await entries();
      await collectGarbage({ store, ...slotsOf(stranger), now: () => Date.now() + 31 * DAYS });
      expect(await entries()).toEqual(all);
    });
  }
});

describe("events", () => {
  const [old, next] = [MasterKey.generate(), MasterKey.generate()];
  const rotated = promoteKey(addKey(Keyring.of(old), next), next.id);
  const events: CacheEvent[] = [];
  const cacheWith = (store: Store, keyring: Keyring) =>
    createCache({ store, seal: sealer(keyring), onEvent: (event) => events.push(event) });

  it("a sealed entry that was read with a retired key says so, with the key", async () => {
    const store = memory();
    await cacheWith(store, Keyring.of(old)).set("k", 1);
    for (const [keyring, expected] of [
      [rotated, ["hit"]],
      [retireKey(rotated, old.id), ["retired-key", "hit"]],
    ] as const) {
      events.length = 0;
      expect(await cacheWith(store, keyring).get("k")).toBe(1);
      expect(events.map(({ type }) => type)).toEqual(expected);
    }
    expect(events[0]?.keyId).toBe(Buffer.from(old.id).toString("hex"));
  });

  it("what another key wrote is a warning, and no security event", async () => {
    const store = memory();
    const signed = (keyring: Keyring) =>
      createCache({ store, sign: hmacSigner(keyring), onEvent: (event) => events.push(event) });
    await signed(Keyring.of(old)).set("k", 1);
    events.length = 0;
    expect(await signed(Keyring.of(next)).get("k")).toBeUndefined();
    expect(events).toMatchObject([{ type: "rejected", level: "warning", code: "ERR_CACHE_UNKNOWN_KEY" }]);
  });
});
