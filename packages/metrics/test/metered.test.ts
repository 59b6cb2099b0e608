import { storeCases } from "@cache/conformance";
import { CacheError, createCache, type Draft, type Listed, type Store } from "@cache/core";
import { describe, expect, it } from "vitest";
import { type Meter, metered, prometheusMeter } from "../src/index.ts";
import { CONTENT, makeStore, NAME, Notebook } from "./samples.ts";

describe("a metered store keeps the contract of the port", () => {
  const store = metered(makeStore(), prometheusMeter());
  const fixture = { open: async () => store, reopen: async () => store, persistent: false };
  for (const each of storeCases) it(each.name, () => each.run(fixture));
});

const bytes = new Uint8Array(10);

/** A clock that goes on by two seconds whenever somebody looks at it. */
function ticking(): () => number {
  let time = 0;
  return () => (time += 2000);
}

function draft(pieces: readonly Uint8Array[], name: `${"blobs" | "entries"}/${string}` = CONTENT): Draft {
  const body = (async function* () {
    yield* pieces;
  })();
  return { headLength: 3, body, finish: () => ({ name, head: new Uint8Array(3) }) };
}

describe("metered", () => {
  it("counts calls by store, operation, plane and outcome", async () => {
    const notes = new Notebook();
    const store = metered(makeStore(), notes, { name: "disk" });
    await store.put(NAME, bytes);
    await store.get(NAME);
    await store.get(CONTENT);
    await store.stat(NAME);
    await store.stat(CONTENT);
    await store.open(CONTENT);
    await store.delete(NAME);
    for await (const _ of store.list("notes"));
    expect(notes.about("cache.store.calls")).toEqual([
      "+1 disk put entries ok",
      "+1 disk get entries ok",
      "+1 disk get blobs absent",
      "+1 disk stat entries ok",
      "+1 disk stat blobs absent",
      "+1 disk open blobs absent",
      "+1 disk delete entries ok",
      "+1 disk list notes ok",
    ]);
    expect(notes.about("cache.store.failures")).toEqual([]);
  });

  it("records how long each call took, in seconds", async () => {
    const notes = new Notebook();
    const store = metered(makeStore(), notes, { now: ticking() });
    await store.get(NAME);
    expect(notes.about("cache.store.duration")).toEqual(["=2 store get entries absent"]);
  });

  it("records of a listing what was spent waiting for it, and not what its caller did meanwhile", async () => {
    const notes = new Notebook();
    let time = 0;
    const slow: Store = {
      ...makeStore(),
      async *list(): AsyncGenerator<Listed> {
        for (let i = 0; i < 3; i++) {
          time += 1000;
          yield { name: NAME, size: 0, modified: 0 };
        }
      },
    };
    for await (const _ of metered(slow, notes, { now: () => time }).list("entries")) time += 60_000;
    expect(notes.about("cache.store.duration")).toEqual(["=3 store list entries ok"]);
  });

  it("counts a listing once that its caller leaves early, and closes it below", async () => {
    const notes = new Notebook();
    const below = makeStore();
    let closed = 0;
    const store: Store = {
      ...below,
      put: (...given) => below.put(...given),
      async *list(): AsyncGenerator<Listed> {
        try {
          for (;;) yield { name: NAME, size: 0, modified: 0 };
        } finally {
          closed += 1;
        }
      },
    };
    for await (const _ of metered(store, notes).list("entries")) break;
    expect(notes.about("cache.store.calls")).toEqual(["+1 store list entries ok"]);
    expect(closed).toBe(1);
  });

  it("counts the bytes that were delivered and those that were written", async () => {
    const notes = new Notebook();
    const store = metered(makeStore(), notes);
    await store.put(NAME, bytes);
    await store.put(NAME, bytes, { ifAbsent: true });
    await store.get(NAME);
    await store.putStream(draft([bytes, bytes]));
    for await (const _ of (await store.open(CONTENT, { start: 4 })) ?? []);
    await store.put(CONTENT, new Uint8Array(0));
    expect(notes.about("cache.store.io")).toEqual([
      "+10 store entries write",
      "+10 store entries read",
      "+23 store blobs write",
      "+19 store blobs read",
    ]);
  });

  it("counts a streamed put under the plane that its draft names in the end", async () => {
    const notes = new Notebook();
    await metered(makeStore(), notes).putStream(draft([bytes], NAME));
    expect(notes.about("cache.store.calls")).toEqual(["+1 store putStream entries ok"]);
  });

  it("counts failures by code, and passes them on as they are", async () => {
    const notes = new Notebook();
    const known = new CacheError("ERR_CACHE_STORE", "the disk is gone");
    const unknown = new Error("what is this");
    const failing: Store = {
      ...makeStore(),
      get: () => Promise.reject(known),
      stat: () => Promise.reject(unknown),
      open: async () => brokenBody(known),
      // biome-ignore lint/correctness/useYield: it fails before.
      async *list() {
        throw known;
      },
    };
    const store = metered(failing, notes);
    await expect(store.get(NAME)).rejects.toBe(known);
    await expect(store.stat(NAME)).rejects.toBe(unknown);
    await expect(drained((await store.open(CONTENT)) ?? [])).rejects.toBe(known);
    await expect(drained(store.list("blobs"))).rejects.toBe(known);
    expect(notes.about("cache.store.failures")).toEqual([
      "+1 store get entries ERR_CACHE_STORE",
      "+1 store stat entries other",
      "+1 store open blobs ERR_CACHE_STORE",
      "+1 store list blobs ERR_CACHE_STORE",
    ]);
    expect(notes.about("cache.store.calls")).toEqual([
      "+1 store get entries failed",
      "+1 store stat entries failed",
      "+1 store open blobs ok",
      "+1 store list blobs failed",
    ]);
  });

  it("takes what its caller aborted for no failure", async () => {
    const notes = new Notebook();
    const store = metered(makeStore(), notes);
    const signal = AbortSignal.abort();
    await expect(store.get(NAME, { signal })).rejects.toBe(signal.reason);
    expect(notes.about("cache.store.failures")).toEqual([]);
    expect(notes.about("cache.store.calls")).toEqual(["+1 store get entries aborted"]);
  });

  it("works as it does without a meter when the meter fails", async () => {
    const broken: Meter = {
      count: () => {
        throw new Error("full");
      },
      record: () => {
        throw new Error("full");
      },
    };
    const cache = createCache({ store: metered(makeStore(), broken) });
    await cache.set("key", "x".repeat(20_000));
    expect(await cache.get("key")).toBe("x".repeat(20_000));
  });

  it("shows a monitoring system no key", async () => {
    const meter = prometheusMeter();
    const cache = createCache({ store: metered(makeStore(), meter) });
    await cache.set("user/ada", "a value");
    await cache.get("user/ada");
    expect(meter.text()).toContain('operation="put"');
    expect(meter.text()).not.toMatch(/ada|"[0-9a-f]{16}/);
  });

  it("closes the store below when it is closed", async () => {
    let closed = 0;
    const close = async () => {
      closed += 1;
    };
    const closing = { ...makeStore(), [Symbol.asyncDispose]: close };
    await metered(closing, new Notebook())[Symbol.asyncDispose]();
    await metered({ ...makeStore() }, new Notebook())[Symbol.asyncDispose]();
    expect(closed).toBe(1);
  });

  it.each<[string, () => unknown]>([
    ["no store", () => metered({} as never, new Notebook())],
    ["no meter", () => metered(makeStore(), {} as never)],
    ["an option there is not", () => metered(makeStore(), new Notebook(), { label: "x" } as never)],
    ["a name that is no text", () => metered(makeStore(), new Notebook(), { name: 1 as never })],
    ["a clock that is none", () => metered(makeStore(), new Notebook(), { now: 1 as never })],
  ])("refuses %s", (_, wrong) => expect(wrong).toThrow(TypeError));
});

async function drained(pieces: AsyncIterable<unknown> | Iterable<unknown>): Promise<void> {
  for await (const _ of pieces);
}

async function* brokenBody(error: Error): AsyncGenerator<Uint8Array> {
  yield bytes;
  throw error;
}
