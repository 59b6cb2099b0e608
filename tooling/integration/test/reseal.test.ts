import { join } from "node:path";
import { fileStore } from "@cache/cas";
import { createCache, type Listed, type Name, type Sealer, type Signer, type Store } from "@cache/core";
import {
  addKey,
  Keyring,
  MasterKey,
  promoteKey,
  removeKey,
  retireKey,
  revokeKey,
  SigningKey,
} from "@cache/core/keyring";
import { collectGarbage, resealStore, verifyStore } from "@cache/core/maintenance";
import { sealer } from "@cache/crypto-envelope";
import { memoryStore } from "@cache/memory";
import { ed25519Signer, hmacSigner } from "@cache/signer";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { directory } from "./slots.ts";

const old = MasterKey.generate();
const fresh = MasterKey.generate();
const identity = SigningKey.generate();
const before = Keyring.of(old);
const rotated = promoteKey(addKey(before, fresh), fresh.id);
const after = removeKey(retireKey(rotated, old.id), old.id);

const LARGE = "x".repeat(80_000);
const CONTENT = new Uint8Array(90_000).fill(7);

type Slots = { readonly seal: Sealer; readonly sign?: Signer };
const signatures: Readonly<Record<string, (keyring: Keyring) => Slots>> = {
  sealed: (keyring) => ({ seal: sealer(keyring) }),
  "sealed and signed with HMAC": (keyring) => ({ seal: sealer(keyring), sign: hmacSigner(keyring) }),
  "sealed and signed with Ed25519": (keyring) => ({ seal: sealer(keyring), sign: ed25519Signer({ identity }) }),
};
const slotsOf = signatures["sealed and signed with HMAC"] as (keyring: Keyring) => Slots;

const memory = (): Store => memoryStore({ maxBytes: 64_000_000 });
const stores: Readonly<Record<string, () => Store>> = {
  memory,
  file: () => fileStore(join(directory(), "store")),
};

/** Values small and large, of two namespaces, two of them with one content, and content by digest. */
async function fill(store: Store, slots: Slots): Promise<string> {
  const cache = createCache({ store, ...slots, namespace: "builds" });
  await cache.set("small", 1);
  await cache.set("large", LARGE);
  await cache.namespace("below").set("large", LARGE);
  return cache.blobs.put(CONTENT);
}

/** Rejects unless everything of {@link fill} is there. */
async function expectAll(store: Store, slots: Slots, digest: string): Promise<void> {
  const cache = createCache({ store, ...slots, namespace: "builds" });
  expect(await cache.get("small")).toBe(1);
  expect(await cache.get("large")).toBe(LARGE);
  expect(await cache.namespace("below").get("large")).toBe(LARGE);
  expect(await cache.blobs.get(digest)).toEqual(CONTENT);
}

async function listed(store: Store): Promise<Listed[]> {
  const all: Listed[] = [];
  for (const kind of ["entries", "blobs", "notes"] as const) for await (const each of store.list(kind)) all.push(each);
  return all;
}

/** A store that calls `look` before each call that changes something, counted from 0. */
function interrupted(store: Store, look: (change: number, name?: Name) => unknown): Store {
  let changes = 0;
  const changing =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await look(changes++, typeof args[0] === "string" ? (args[0] as Name) : undefined);
      return call(...args);
    };
  return {
    get: (...args) => store.get(...args),
    open: (...args) => store.open(...args),
    stat: (...args) => store.stat(...args),
    list: (...args) => store.list(...args),
    put: changing((...args: Parameters<Store["put"]>) => store.put(...args)),
    putStream: changing((...args: Parameters<Store["putStream"]>) => store.putStream(...args)),
    delete: changing((...args: Parameters<Store["delete"]>) => store.delete(...args)),
  };
}

const NOTHING = { expired: 0, damaged: 0, foreign: 0, revoked: 0, unnamed: 0, busy: 0 };

describe.each(Object.entries(stores))("sealing again in a %s store", (_, make) => {
  it.each(Object.entries(signatures))("lets the older key go: %s", async (_title, slots) => {
    const store = make();
    const digest = await fill(store, slots(before));
    const names = new Set((await listed(store)).map(({ name }) => name));
    const report = await resealStore({ store, ...slots(rotated) });
    expect(report).toMatchObject({ ...NOTHING, entries: 3, contents: 3 });
    expect((await listed(store)).filter(({ name }) => names.has(name))).toEqual([]);
    await expectAll(store, slots(after), digest);
    const held = await verifyStore({ store, ...slots(after) });
    expect(held).toMatchObject({ ok: 4, damaged: 0, missing: 0, foreign: 0, orphaned: 0, problems: [] });
  });

  it("does nothing twice", async () => {
    const store = make();
    await fill(store, slotsOf(before));
    await resealStore({ store, ...slotsOf(rotated) });
    const once = await listed(store);
    const again = await resealStore({ store, ...slotsOf(rotated) });
    expect(again).toMatchObject({ ...NOTHING, entries: 0, contents: 0, bytes: 0 });
    expect(again.untouched).toBe(once.filter(({ name }) => !name.startsWith("notes/")).length);
    expect(await listed(store)).toEqual(once);
  });
});

describe("sealing again", () => {
  it("M47: goes on after a kill at any step, and nothing is out of reach in between", async () => {
    for (let step = 0, finished = false; !finished; step++) {
      const store = memory();
      const digest = await fill(store, slotsOf(before));
      const killed = interrupted(store, (change) => {
        if (change >= step) throw new Error("killed");
      });
      finished = await resealStore({ store: killed, ...slotsOf(rotated) }).then(
        () => true,
        (error: unknown) => {
          expect((error as Error).cause ?? error).toMatchObject({ message: "killed" });
          return false;
        },
      );
      await expectAll(store, slotsOf(rotated), digest);
      const report = await resealStore({ store, ...slotsOf(rotated) });
      expect(report).toMatchObject({ damaged: 0, foreign: 0, busy: 0 });
      await expectAll(store, slotsOf(after), digest);
      expect(step).toBeLessThan(200);
    }
  });

  it("leaves no moment in which a reader misses", async () => {
    const store = memory();
    const digest = await fill(store, slotsOf(before));
    let looks = 0;
    const watched = interrupted(store, async () => {
      looks++;
      await expectAll(store, slotsOf(rotated), digest);
    });
    await resealStore({ store: watched, ...slotsOf(rotated) });
    expect(looks).toBeGreaterThan(10);
  });

  it("keeps what a writer with the older keyring puts meanwhile, whenever that is", async () => {
    for (let step = 0, met = true; met; step++) {
      met = false;
      const store = memory();
      let clock = Date.now();
      const now = () => clock++;
      const late = createCache({ store, ...slotsOf(before), now });
      await late.set("key", "first");
      const crossed = interrupted(store, async (change) => {
        if (change !== step) return;
        met = true;
        await late.set("key", "second");
      });
      await resealStore({ store: crossed, ...slotsOf(rotated), now });
      await resealStore({ store, ...slotsOf(rotated), now });
      const expected = met ? "second" : "first";
      expect(await createCache({ store, ...slotsOf(after), now }).get("key")).toBe(expected);
    }
  });

  it("keeps what a writer with the new keyring puts meanwhile, whenever that is", async () => {
    for (let step = 0, met = true; met; step++) {
      met = false;
      const store = memory();
      let clock = Date.now();
      const now = () => clock++;
      await createCache({ store, ...slotsOf(before), now }).set("key", "first");
      const crossed = interrupted(store, async (change) => {
        if (change !== step) return;
        met = true;
        await createCache({ store, ...slotsOf(rotated), now }).set("key", "second");
      });
      await resealStore({ store: crossed, ...slotsOf(rotated), now });
      const expected = met ? "second" : "first";
      expect(await createCache({ store, ...slotsOf(after), now }).get("key")).toBe(expected);
    }
  });

  const removals: Readonly<Record<string, (store: Store, slots: Slots) => Promise<void>>> = {
    delete: (store, slots) => createCache({ store, ...slots }).delete("key"),
    clear: (store, slots) => createCache({ store, ...slots }).clear(),
    "set and a delete": async (store, slots) => {
      await createCache({ store, ...slots }).set("key", "for a moment");
      await createCache({ store, ...slots }).delete("key");
    },
  };
  it.each(Object.entries(removals))(
    "brings back nothing that a %s removes meanwhile, whenever that is",
    async (_, removed) => {
      for (const inner of ["removal", "sealing"]) {
        for (let step = 0, met = true; met; step++) {
          met = false;
          const store = memory();
          await createCache({ store, ...slotsOf(before) }).set("key", LARGE);
          const seal = (over: Store) => resealStore({ store: over, ...slotsOf(rotated) });
          const remove = (over: Store) => removed(over, slotsOf(rotated));
          const [outside, inside] = inner === "removal" ? [seal, remove] : [remove, seal];
          const crossed = interrupted(store, async (change) => {
            if (change !== step) return;
            met = true;
            await inside(store);
          });
          await outside(crossed);
          if (!met) continue;
          expect(await createCache({ store, ...slotsOf(rotated) }).get("key"), `${inner} at ${step}`).toBeUndefined();
        }
      }
    },
  );

  it("hides nothing from a clear by moving it where that has looked already", async () => {
    const keys = Array.from({ length: 8 }, (_, i) => `key ${i}`);
    const store = memory();
    const cache = createCache({ store, ...slotsOf(rotated) });
    for (const key of keys) await createCache({ store, ...slotsOf(before) }).set(key, key);
    const names: Listed[] = [];
    for await (const each of store.list("entries")) names.push(each);
    // What is sealed again appears in none of the rows that come after it.
    const moving: Store = {
      ...interrupted(store, () => undefined),
      async *list(kind) {
        if (kind !== "entries" || names.length === 0) return yield* store.list(kind);
        const rows = names.splice(0);
        yield* rows.slice(0, 1);
        await resealStore({ store, ...slotsOf(rotated) });
        yield* rows.slice(1);
      },
    };
    await createCache({ store: moving, ...slotsOf(rotated) }).clear();
    expect(await cache.getMany(keys)).toEqual(new Map());
  });

  it("puts old content anew for what it moves, so that no collector takes it that saw the entry nowhere", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    onTestFinished(() => void vi.useRealTimers());
    const slots = slotsOf(rotated);
    const store = memory();
    await createCache({ store, ...slotsOf(before) }).set("key", LARGE);
    // Killed after the content was moved, and before its entry was.
    const killed = interrupted(store, (_, name) => {
      if (name?.startsWith("entries/")) throw new Error("killed");
    });
    await expect(resealStore({ store: killed, ...slots })).rejects.toThrow();
    vi.setSystemTime(Date.now() + 3 * 3_600_000);
    // The collector looks through the entries while the second run moves this one from where it has not looked to where it has.
    const listing: Store = {
      ...interrupted(store, () => undefined),
      async *list(kind) {
        if (kind === "entries") await resealStore({ store, ...slots });
        else yield* store.list(kind);
      },
    };
    await collectGarbage({ store: listing, ...slots, keep: "30m" });
    expect(await createCache({ store, ...slots }).get("key")).toBe(LARGE);
  });

  it("leaves what is no envelope at all to whoever wrote it", async () => {
    const store = memory();
    await createCache({ store, namespace: "plain" }).set("key", 1);
    await fill(store, slotsOf(before));
    expect(await resealStore({ store, ...slotsOf(rotated) })).toMatchObject({ ...NOTHING, entries: 3, foreign: 1 });
    expect(await createCache({ store, namespace: "plain" }).get("key")).toBe(1);
  });

  it("does not lose content by digest that was put again under the older key, to a copy that is long there", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    onTestFinished(() => void vi.useRealTimers());
    const store = memory();
    const digest = await createCache({ store, ...slotsOf(rotated) }).blobs.put(CONTENT);
    vi.setSystemTime(Date.now() + 3 * 3_600_000);
    await createCache({ store, ...slotsOf(before) }).blobs.put(CONTENT);
    await resealStore({ store, ...slotsOf(rotated) });
    await collectGarbage({ store, ...slotsOf(rotated), keep: "30m" });
    expect(await createCache({ store, ...slotsOf(after) }).blobs.get(digest)).toEqual(CONTENT);
  });

  it("may be done by two at once, whoever is in front", async () => {
    for (let step = 0, met = true; met; step++) {
      met = false;
      const store = memory();
      const digest = await fill(store, slotsOf(before));
      const crossed = interrupted(store, async (change) => {
        if (change !== step) return;
        met = true;
        await resealStore({ store, ...slotsOf(rotated) });
      });
      await resealStore({ store: crossed, ...slotsOf(rotated) });
      await expectAll(store, slotsOf(after), digest);
    }
  });

  it("says so when a writer never stops putting under the older key", async () => {
    const store = memory();
    let clock = Date.now();
    const now = () => clock++;
    const late = createCache({ store, ...slotsOf(before), now });
    await late.set("key", 0);
    let writing = false;
    const crossed = interrupted(store, async (change) => {
      if (writing) return;
      writing = true;
      await late.set("key", change + 1);
      writing = false;
    });
    expect(await resealStore({ store: crossed, ...slotsOf(rotated), now })).toMatchObject({ entries: 0, busy: 1 });
  });

  it("never touches what a revoked key sealed", async () => {
    const store = memory();
    await fill(store, slotsOf(before));
    const revoked = revokeKey(retireKey(rotated, old.id), old.id);
    const stored = await listed(store);
    const things = stored.filter(({ name }) => !name.startsWith("notes/")).length;
    expect(await resealStore({ store, ...slotsOf(revoked) })).toMatchObject({
      ...NOTHING,
      revoked: things,
      entries: 0,
    });
    await expect(resealStore({ store, ...slotsOf(revoked), from: old.id })).rejects.toMatchObject({
      code: "ERR_CACHE_REVOKED_KEY",
    });
    expect(await listed(store)).toEqual(stored);
  });

  it("moves what one key sealed and nothing else, when asked for that", async () => {
    const store = memory();
    const other = MasterKey.generate();
    await createCache({ store, ...slotsOf(before) }).set("of the first", 1);
    await createCache({ store, ...slotsOf(Keyring.of(other)) }).set("of the second", 2);
    const three = addKey(rotated, other);
    const report = await resealStore({ store, ...slotsOf(three), from: other.id });
    expect(report).toMatchObject({ ...NOTHING, entries: 1, untouched: 1 });
    expect(await createCache({ store, ...slotsOf(Keyring.of(fresh)) }).get("of the second")).toBe(2);
    expect(await createCache({ store, ...slotsOf(before) }).get("of the first")).toBe(1);
  });

  it("with other keys finds strangers' things and leaves them", async () => {
    const store = memory();
    await fill(store, slotsOf(before));
    const stored = await listed(store);
    const things = stored.filter(({ name }) => !name.startsWith("notes/")).length;
    const strangers = slotsOf(Keyring.of(MasterKey.generate()));
    expect(await resealStore({ store, ...strangers })).toMatchObject({ ...NOTHING, foreign: things });
    expect(await listed(store)).toEqual(stored);
  });

  it("leaves what is damaged, and moves the rest", async () => {
    const store = memory();
    const digest = await fill(store, slotsOf(before));
    const damaged: Name[] = [];
    for (const { name, size } of await listed(store)) {
      if (!name.startsWith("blobs/") || size < 85_000) continue;
      const bytes = (await store.get(name)) as Uint8Array;
      bytes[20_000] = (bytes[20_000] as number) ^ 1;
      await store.put(name, bytes);
      damaged.push(name);
    }
    expect(damaged).toHaveLength(1);
    const report = await resealStore({ store, ...slotsOf(rotated) });
    expect(report).toMatchObject({ ...NOTHING, entries: 3, contents: 2, damaged: 1 });
    expect((await listed(store)).map(({ name }) => name)).toContain(damaged[0]);
    const cache = createCache({ store, ...slotsOf(after), namespace: "builds" });
    expect([await cache.get("large"), await cache.blobs.get(digest)]).toEqual([LARGE, undefined]);
  });

  it("does not believe an entry that somebody moved under another one's name", async () => {
    const store = memory();
    const cache = createCache({ store, ...slotsOf(before) });
    await cache.set("a", 1);
    await cache.set("b", 2);
    const [a, b] = (await listed(store)).filter(({ name }) => name.startsWith("entries/")) as [Listed, Listed];
    await store.put(a.name, (await store.get(b.name)) as Uint8Array);
    expect(await resealStore({ store, ...slotsOf(rotated) })).toMatchObject({ ...NOTHING, entries: 1, damaged: 1 });
  });

  it("removes entries past their time, and says how many", async () => {
    const store = memory();
    let clock = Date.now();
    const now = () => clock;
    await createCache({ store, ...slotsOf(before), now }).set("brief", 1, { ttl: "1m" });
    clock += 120_000;
    expect(await resealStore({ store, ...slotsOf(rotated), now })).toMatchObject({
      ...NOTHING,
      entries: 0,
      expired: 1,
    });
    expect(await listed(store)).toEqual([]);
  });

  it("in a dry run says what it would do, and does nothing", async () => {
    const store = memory();
    await fill(store, slotsOf(before));
    const stored = await listed(store);
    const would = await resealStore({ store, ...slotsOf(rotated), dryRun: true });
    expect(await listed(store)).toEqual(stored);
    expect(would).toMatchObject({ ...NOTHING, entries: 3, damaged: 0 });
    const { untouched: _, ...done } = await resealStore({ store, ...slotsOf(rotated) });
    expect(would).toMatchObject(done);
  });

  it("keeps times and sequence, so that who remembers what it saw still believes", async () => {
    const seen = new Map<string, { sequence: number; digest: Uint8Array }>();
    const key = (scope: Uint8Array) => String(scope);
    const rollback = {
      get: async (scope: Uint8Array) => seen.get(key(scope)),
      advance: async (scope: Uint8Array, next: { sequence: number; digest: Uint8Array }) => {
        const current = seen.get(key(scope));
        if (current === undefined || next.sequence > current.sequence) seen.set(key(scope), next);
        return seen.get(key(scope)) as typeof next;
      },
    };
    const store = memory();
    await createCache({ store, ...slotsOf(before), rollback }).set("key", 1, { ttl: "1h" });
    const written = await createCache({ store, ...slotsOf(before), rollback }).lookup("key");
    await resealStore({ store, ...slotsOf(rotated) });
    const cache = createCache({ store, ...slotsOf(after), rollback, strict: true });
    const moved = await cache.lookup("key");
    expect(moved).toMatchObject({ state: "hit", value: 1 });
    if (written.state !== "hit" || moved.state !== "hit") throw new Error("both are hits");
    expect(moved.rollbackChecked).toBe(true);
    expect([moved.created, moved.expires]).toEqual([written.created, written.expires]);
  });

  it("is refused where nothing can be sealed or signed", async () => {
    const store = memory();
    await fill(store, slotsOf(before));
    const stored = await listed(store);
    const readers = new Keyring({ entries: rotated.entries, generation: 9 });
    const { publicKey } = identity;
    const readOnly = { code: "ERR_CACHE_READ_ONLY" };
    await expect(resealStore({ store, ...slotsOf(readers) })).rejects.toMatchObject(readOnly);
    const sign = ed25519Signer({ trusted: [publicKey] });
    await expect(resealStore({ store, seal: sealer(rotated), sign })).rejects.toMatchObject(readOnly);
    await expect(resealStore({ store })).rejects.toThrow(TypeError);
    expect(await listed(store)).toEqual(stored);
  });

  it("leaves nothing for a collector that comes right after it", async () => {
    const store = memory();
    const digest = await fill(store, slotsOf(before));
    await resealStore({ store, ...slotsOf(rotated) });
    const collected = await collectGarbage({ store, ...slotsOf(after), keep: "30m" });
    expect(collected).toMatchObject({ unreferencedBlobs: 0, orphaned: 0, bytes: 0 });
    await expectAll(store, slotsOf(after), digest);
  });

  it("tells how far it is, and stops when it is told to", async () => {
    const store = memory();
    await fill(store, slotsOf(before));
    const phases: string[] = [];
    await resealStore({ store, ...slotsOf(rotated), dryRun: true, onProgress: ({ phase }) => phases.push(phase) });
    expect(phases.filter((phase) => phase === "entries")).toHaveLength(3);
    const stop = new AbortController();
    const run = resealStore({ store, ...slotsOf(rotated), signal: stop.signal, onProgress: () => stop.abort() });
    await expect(run).rejects.toMatchObject({ name: "AbortError" });
  });
});
