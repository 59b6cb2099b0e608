import { chmodSync, readdirSync, readlinkSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileStore } from "@cache/cas";
import { createCache, type Name, type Store } from "@cache/core";
import { SigningKey } from "@cache/core/keyring";
import { collectGarbage, verifyStore } from "@cache/core/maintenance";
import { memoryStore } from "@cache/memory";
import { ed25519Signer } from "@cache/signer";
import { describe, expect, it } from "vitest";
import { bound, cacheOver, directory, slots } from "./slots.ts";

/** A store by somebody who did not read that failures have a code. */
function careless(): Store {
  const fail = async () => {
    throw new Error("ECONNRESET");
  };
  return {
    ...{ get: fail, open: fail, put: fail, putStream: fail, stat: fail, delete: fail },
    async *list() {
      yield await fail();
    },
  };
}

describe("a store that throws what it likes", () => {
  for (const [title, slot] of Object.entries(slots)) {
    it(`${title}: has failed with the code of stores, and the cause is kept`, async () => {
      const cache = cacheOver(careless(), slot());
      const digest = "0".repeat(64);
      const calls = [
        () => cache.get("k"),
        () => cache.set("k", "x".repeat(80_000)),
        () => cache.set("k", 1),
        () => cache.delete("k"),
        () => cache.clear(),
        () => cache.blobs.put(Uint8Array.of(1)),
        () => cache.blobs.get(digest),
        () => cache.blobs.delete(digest),
        () => cache.blobs.open(digest),
      ];
      for (const call of calls) {
        await expect(call()).rejects.toMatchObject({ code: "ERR_CACHE_STORE", cause: { message: "ECONNRESET" } });
      }
    });
  }

  it("costs a computed value nothing", async () => {
    const inner = memoryStore({ maxBytes: 1_000_000 });
    const { put } = careless();
    const cache = createCache({ store: { ...inner, put, get: (name, options) => inner.get(name, options) } });
    expect(await cache.getOrSet("k", () => "computed")).toBe("computed");
  });

  it("what gives text instead of bytes has failed", async () => {
    const get = async () => "text" as never;
    await expect(createCache({ store: { ...careless(), get } }).get("k")).rejects.toMatchObject({
      code: "ERR_CACHE_STORE",
    });
  });

  const inner = memoryStore({ maxBytes: 1_000_000 });
  const nothing = async () => undefined as never;
  const wrong: Readonly<
    Record<string, { readonly store: Partial<Store>; readonly call: (store: Store) => Promise<unknown> }>
  > = {
    "null instead of bytes": {
      store: { get: async () => null as never },
      call: (store) => createCache({ store }).get("k"),
    },
    "a listing that throws at once": {
      store: {
        list() {
          throw new Error("at once");
        },
      },
      call: (store) => createCache({ store }).clear(),
    },
    "rows that are nothing": {
      store: {
        async *list() {
          yield null as never;
        },
      },
      call: (store) => createCache({ store }).clear(),
    },
    "rows with a path for a name": {
      store: {
        async *list() {
          yield { name: "entries/../../etc/passwd" as never, size: 1, modified: 1 };
        },
      },
      call: (store) => createCache({ store }).clear(),
    },
    "rows of another kind": {
      store: {
        async *list() {
          yield { name: `blobs/${"a".repeat(64)}`, size: 1, modified: 1 } as const;
        },
      },
      call: (store) => createCache({ store }).clear(),
    },
    "null instead of a stat": {
      store: { stat: async () => null as never },
      call: (store) => createCache({ store }).set("k", "x".repeat(80_000)),
    },
    "a put that answers nothing": {
      store: { put: nothing },
      call: (store) => createCache({ store }).set("k", 1),
    },
    "text instead of pieces": {
      store: {
        open: async () =>
          (async function* () {
            yield "text" as never;
          })(),
      },
      call: (store) => createCache({ store }).blobs.has("0".repeat(64)),
    },
    "a number instead of a stream": {
      store: { open: async () => 5 as never },
      call: (store) => createCache({ store }).blobs.open("0".repeat(64)),
    },
  };
  const unsound: Readonly<Record<string, object>> = {
    "a size in text": { size: "1" },
    "a size below zero": { size: -1 },
    "a size that is no number": { size: Number.NaN },
    "a time in text": { modified: "1" },
    "a time that is no number": { modified: Number.NaN },
  };
  it.each(Object.entries({ ...unsound, "a version that is a number": { version: 1 } }))(
    "a stat with %s is a failure of the store",
    async (_, field) => {
      const stat = async () => Object.assign({ size: 1, modified: 1, version: "1" }, field);
      const cache = createCache({ store: { ...bound(inner), stat } as Store });
      await expect(cache.blobs.put(new Uint8Array(10))).rejects.toMatchObject({ code: "ERR_CACHE_STORE" });
    },
  );
  it.each(Object.entries({ ...unsound, "a name that is a number": { name: 5 } }))(
    "a row of a listing with %s is a failure of the store",
    async (_, field) => {
      async function* list() {
        yield Object.assign({ name: `entries/${"a".repeat(64)}`, size: 1, modified: 1 }, field);
      }
      const cache = createCache({ store: { ...bound(inner), list } as unknown as Store });
      await expect(cache.clear()).rejects.toMatchObject({ code: "ERR_CACHE_STORE" });
    },
  );

  it.each(Object.entries(wrong))("%s is a failure of the store", async (_, { store, call }) => {
    const failed = call({ ...bound(inner), ...store });
    await expect(failed).rejects.toMatchObject({ code: "ERR_CACHE_STORE" });
  });

  /** What stores do with a stream that they should not. */
  const takers: Readonly<Record<string, Store["putStream"]>> = {
    "before it read it": async (draft) => {
      draft.finish();
      return { written: true };
    },
    "after it read a part": async (draft) => {
      for await (const _ of draft.body) break;
      draft.finish();
      return { written: true };
    },
    twice: async (draft) => {
      for await (const _ of draft.body);
      draft.finish();
      draft.finish();
      return { written: true };
    },
    never: async (draft) => {
      for await (const _ of draft.body);
      return { written: true };
    },
  };
  for (const [title, slot] of Object.entries(slots)) {
    it.each(Object.entries(takers))(
      `${title}: that finishes a stream %s has failed, and nothing counts as stored`,
      async (_, putStream) => {
        async function* source() {
          yield new Uint8Array(10);
          yield new Uint8Array(20);
        }
        const cache = cacheOver({ ...bound(inner), putStream }, slot());
        await expect(cache.blobs.put(source())).rejects.toMatchObject({ code: "ERR_CACHE_STORE" });
      },
    );
  }

  it("an abort ends a read of a store that never answers", async () => {
    const stop = new AbortController();
    const cache = createCache({ store: { ...bound(inner), get: () => new Promise(() => undefined) } });
    const reading = cache.get("k", { signal: stop.signal });
    stop.abort(new Error("enough"));
    await expect(reading).rejects.toThrow("enough");
  });

  it("the failure of a source is not the store's, and reaches the caller as it is", async () => {
    const failure = new Error("the source broke");
    async function* source() {
      yield Uint8Array.of(1);
      throw failure;
    }
    const cache = createCache({ store: memoryStore({ maxBytes: 1_000_000 }) });
    await expect(cache.blobs.put(source())).rejects.toBe(failure);
  });
});

describe("close", () => {
  it("does not wait for a computation that everybody has left and that never ends", async () => {
    const cache = createCache({ store: memoryStore({ maxBytes: 1_000_000 }) });
    const leave = new AbortController();
    const asked = cache.getOrSet("k", () => new Promise(() => undefined), { signal: leave.signal });
    leave.abort(new Error("left"));
    await expect(asked).rejects.toThrow("left");
    await cache.close();
  });

  it("reaches the content side that somebody kept", async () => {
    const cache = createCache({ store: memoryStore({ maxBytes: 1_000_000 }) });
    const { blobs } = cache;
    const digest = await blobs.put(Uint8Array.of(1));
    await cache.close();
    for (const call of [
      () => blobs.get(digest),
      () => blobs.has(digest),
      () => blobs.open(digest),
      () => blobs.put(Uint8Array.of(2)),
      () => blobs.delete(digest),
      () => blobs.toFile(digest, "never"),
    ]) {
      await expect(call()).rejects.toThrow("closed");
    }
  });
});

describe("a cache that can only verify", () => {
  it("changes nothing: neither what it could not write again, nor what nobody would believe", async () => {
    const store = memoryStore({ maxBytes: 1_000_000 });
    const identity = SigningKey.generate();
    const writer = createCache({ store, sign: ed25519Signer({ identity }) });
    await writer.set("k", 1);
    const digest = await writer.blobs.put(Uint8Array.of(1));
    const reader = createCache({ store, sign: ed25519Signer({ trusted: [identity.publicKey] }) });
    for (const call of [
      () => reader.set("k", 2),
      () => reader.delete("k"),
      () => reader.deleteMany(["k"]),
      () => reader.clear(),
      () => reader.blobs.put(Uint8Array.of(2)),
      () => reader.blobs.delete(digest),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: "ERR_CACHE_READ_ONLY" });
    }
    expect(await reader.get("k")).toBe(1);
    expect(await reader.blobs.has(digest)).toBe(true);
    expect(await reader.getOrSet("other", () => "computed")).toBe("computed");
  });
});

describe("a cache that can only verify, and what is damaged or over", () => {
  it("refuses it, and leaves it for who may write", async () => {
    const store = memoryStore({ maxBytes: 1_000_000 });
    const identity = SigningKey.generate();
    let clock = Date.now();
    const now = () => clock;
    const writer = createCache({ store, sign: ed25519Signer({ identity }), now });
    const digest = await writer.blobs.put(Uint8Array.of(1));
    await writer.set("brief", 1, { ttl: "1m" });
    await writer.set("damaged", 2);
    const before: Name[] = [];
    for (const kind of ["entries", "blobs"] as const) {
      for await (const { name } of store.list(kind)) {
        const bytes = (await store.get(name)) as Uint8Array;
        before.push(name);
        if (Buffer.from(bytes).includes("brief")) continue;
        await store.put(
          name,
          bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte)),
        );
      }
    }
    clock += 120_000;
    const slots = { store, sign: ed25519Signer({ trusted: [identity.publicKey] }), now };
    const reader = createCache(slots);
    expect([await reader.get("damaged"), await reader.get("brief")]).toEqual([undefined, undefined]);
    expect(await reader.blobs.get(digest)).toBeUndefined();
    expect(await verifyStore(slots)).toMatchObject({ damaged: 2, expired: 1 });
    await expect(collectGarbage(slots)).rejects.toMatchObject({ code: "ERR_CACHE_READ_ONLY" });
    expect(await collectGarbage({ ...slots, dryRun: true })).toMatchObject({ expiredEntries: 1 });
    for (const name of before) expect(await store.stat(name)).toBeDefined();
  });
});

describe("toFile", () => {
  it("leaves the permissions of the file it replaces, and makes a private one", async () => {
    const [cache, to] = [createCache({ store: memoryStore({ maxBytes: 1_000_000 }) }), directory()];
    const digest = await cache.blobs.put(Uint8Array.of(1));
    writeFileSync(join(to, "tool"), "old");
    chmodSync(join(to, "tool"), 0o755);
    for (const name of ["tool", "new"]) expect(await cache.blobs.toFile(digest, join(to, name))).toBe(true);
    expect(statSync(join(to, "tool")).mode & 0o777).toBe(0o755);
    expect(statSync(join(to, "new")).mode & 0o777).toBe(0o600);
  });

  it("puts no file in the place of a link or a directory, and says what the medium could not do", async () => {
    const [cache, to] = [createCache({ store: memoryStore({ maxBytes: 1_000_000 }) }), directory()];
    const digest = await cache.blobs.put(Uint8Array.of(1));
    symlinkSync("elsewhere", join(to, "link"));
    for (const path of [to, join(to, "link")]) {
      await expect(cache.blobs.toFile(digest, path)).rejects.toMatchObject({ code: "ERR_CACHE_UNSAFE_PATH" });
    }
    await expect(cache.blobs.toFile(digest, join(to, "absent", "f"))).rejects.toMatchObject({
      code: "ERR_CACHE_STORE",
      cause: { code: "ENOENT" },
    });
    expect(readdirSync(to)).toEqual(["link"]);
  });

  it.runIf(process.platform === "linux").each(["plain", "sealed"])(
    "holds nothing open that it could not publish: %s",
    async (slot) => {
      const root = join(directory(), "store");
      const cache = cacheOver(fileStore(root), slots[slot]?.() ?? {});
      const digest = await cache.blobs.put(new Uint8Array(3_000_000));
      for (let n = 0; n < 20; n++)
        await expect(cache.blobs.toFile(digest, join(root, "absent", "f"))).rejects.toThrow();
      const open = readdirSync("/proc/self/fd").map((fd) => {
        try {
          return readlinkSync(`/proc/self/fd/${fd}`);
        } catch {
          return "";
        }
      });
      expect(open.filter((path) => path.startsWith(root))).toEqual([]);
    },
  );
});

describe("content at the limit", () => {
  for (const [title, slot] of Object.entries(slots)) {
    it(`${title}: is taken at the limit and refused one byte above it`, async () => {
      const cache = cacheOver(memoryStore({ maxBytes: 1_000_000 }), slot(), { maxBufferedBytes: 1000 });
      const [within, above] = [new Uint8Array(1000), new Uint8Array(1001)];
      expect(await cache.blobs.get(await cache.blobs.put(within))).toEqual(within);
      const digest = await cache.blobs.put(above);
      await expect(cache.blobs.get(digest)).rejects.toMatchObject({ code: "ERR_CACHE_LIMIT" });
      expect(await cache.blobs.has(digest)).toBe(true);
    });
  }
});
