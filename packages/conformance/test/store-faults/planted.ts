import type { Name, Store } from "@cache/core";
import { referenceStore, type StoreFixture } from "../../src/index.ts";
import type { Fault } from "../matrix.ts";

/** A volatile store in the role of the fixture's medium. */
function volatile(store: Store): StoreFixture {
  return { open: async () => store, reopen: async () => store, persistent: false };
}

/** The reference with some of it replaced. */
export function planted(fails: RegExp, change: (inner: Store) => Partial<Store>): Fault<StoreFixture> {
  return {
    fails,
    fixture() {
      const inner = referenceStore();
      return volatile({ ...inner, ...change(inner) });
    },
  };
}

/** The reference where every value is changed on its way in. */
export function damaging(fails: RegExp, change: (bytes: Uint8Array) => Uint8Array): Fault<StoreFixture> {
  return planted(fails, (inner) => ({
    put: (name, bytes, options) => inner.put(name, change(bytes), options),
    putStream: (draft, options) => inner.putStream(changed(draft, change), options),
  }));
}

type Draft = Parameters<Store["putStream"]>[0];

function changed({ headLength, body, finish }: Draft, change: (bytes: Uint8Array) => Uint8Array): Draft {
  async function* whole(): AsyncGenerator<Uint8Array> {
    const parts: Uint8Array[] = [];
    for await (const piece of body) parts.push(piece);
    yield change(new Uint8Array(Buffer.concat(parts)));
  }
  return { headLength, body: whole(), finish };
}

/** Whether a name is one. */
export function isName(name: string): name is Name {
  return /^(blobs|entries)\/[0-9a-f]{64}$/.test(name);
}

/** What is replaced in the bodies of drafts. */
export function withBody(draft: Draft, body: AsyncIterable<Uint8Array>): Draft {
  return { headLength: draft.headLength, body, finish: () => draft.finish() };
}
