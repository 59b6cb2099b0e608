import type { Kind, Name, Store } from "@cache/core";
import { describe, expect, it } from "vitest";
import { type Adapted, adapters } from "./interop-adapters.ts";
import { cacheOver, slots, stores, strangers } from "./slots.ts";

const KINDS: Kind[] = ["blobs", "entries", "notes"];

/** Names, and text that is kept in an entry or, for the last, as content of its own. */
const TEXTS = {
  "name-of-one": "secret of one",
  "name-of-two": "secret of two",
  "name-of-three": "secret of three".repeat(10_000),
};

async function fill(adapted: Adapted): Promise<void> {
  for (const [name, text] of Object.entries(TEXTS)) await adapted.put(name, text);
}

async function read(adapted: Adapted): Promise<Record<string, string | undefined>> {
  const found: Record<string, string | undefined> = {};
  for (const name of Object.keys(TEXTS)) found[name] = await adapted.get(name);
  return found;
}

async function namesIn(store: Store, kind: Kind): Promise<Name[]> {
  const names: Name[] = [];
  for await (const { name } of store.list(kind)) names.push(name);
  return names;
}

/** Puts each entry in the place of another. */
async function rotate(store: Store): Promise<void> {
  const names = await namesIn(store, "entries");
  const bytes = await Promise.all(names.map((name) => store.get(name)));
  await Promise.all(names.map((name, index) => store.put(name, bytes.at(index - 1) ?? new Uint8Array())));
}

const cases = Object.keys(adapters).flatMap((adapter) => Object.keys(slots).map((slot) => [adapter, slot] as const));

const unlessPlain = cases.filter(([, slot]) => slot !== "plain");
const sealed = cases.filter(([, slot]) => slot.startsWith("sealed"));

/** An adapter over a cache of its own, in a store that it may share. */
function open([adapter, slot]: readonly [string, string], store: Store, filled = slots): Adapted {
  const adapted = adapters[adapter]?.(cacheOver(store, filled[slot]?.() ?? {}));
  if (adapted === undefined) throw new Error(`there is no adapter ${adapter}`);
  return adapted;
}

describe("an adapter for another library", () => {
  it.each(cases)("%s, %s: gives what was put, and nothing that was exchanged", async (...which) => {
    const store = stores.file?.() as Store;
    const adapted = open(which, store);
    await fill(adapted);
    expect(await read(adapted)).toEqual(TEXTS);
    await rotate(store);
    expect(Object.values(await read(adapted))).toEqual([undefined, undefined, undefined]);
    await fill(adapted);
    expect(await read(adapted)).toEqual(TEXTS);
  });

  it.each(unlessPlain)("%s, %s: gives nothing that a stranger put under the same names", async (...which) => {
    const store = stores.memory?.() as Store;
    const adapted = open(which, store);
    await fill(adapted);
    const stranger = open(which, store, strangers);
    for (const name of Object.keys(TEXTS)) await stranger.put(name, TEXTS[name as keyof typeof TEXTS]);
    const found = await read(adapted);
    for (const [name, text] of Object.entries(TEXTS)) expect([undefined, text]).toContain(found[name]);
    if (which[1].startsWith("signed")) expect(Object.values(found)).toEqual([undefined, undefined, undefined]);
  });

  it.each(sealed)("%s, %s: leaves nothing in the store that says a name or a value", async (...which) => {
    const store = stores.memory?.() as Store;
    await fill(open(which, store));
    for (const kind of KINDS) {
      for (const name of await namesIn(store, kind)) {
        const text = Buffer.from((await store.get(name)) ?? []).toString("latin1");
        expect(text).not.toContain("name-of");
        expect(text).not.toContain("secret");
        expect(text).not.toContain("example.com");
      }
    }
  });
});
