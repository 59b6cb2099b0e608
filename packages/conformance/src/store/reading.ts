import type { Kind, Listed, Name, RangeOptions, Store } from "@cache/core";
import { collect } from "@cache/core/bytes";
import { fail } from "../expect.ts";

/** Everything `open` delivers, joined; `undefined` when absent. */
export async function readOpen(store: Store, name: Name, range?: RangeOptions): Promise<Uint8Array | undefined> {
  const content = await store.open(name, range);
  return content && (await collect(content));
}

/** An open iteration of what is known to be there. */
export async function begin(store: Store, name: Name, range?: RangeOptions): Promise<AsyncIterator<Uint8Array>> {
  const content = await store.open(name, range);
  if (content === undefined) fail("open: undefined, expected the content that was put");
  return content[Symbol.asyncIterator]();
}

/** What is left of an iteration. */
export async function rest(iterator: AsyncIterator<Uint8Array>): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = [];
  for (;;) {
    const { done, value } = await iterator.next();
    if (done === true) return parts;
    parts.push(value);
  }
}

/** All rows of a listing. */
export async function rows(store: Store, kind: Kind): Promise<Listed[]> {
  const out: Listed[] = [];
  for await (const row of store.list(kind)) out.push(row);
  return out;
}

/** Fails unless no reader can see anything under the name, and a first writer can still come. */
export async function expectAbsent(store: Store, name: Name, when: string): Promise<void> {
  if ((await store.get(name)) !== undefined) fail(`get ${when}: bytes, expected undefined`);
  if ((await store.open(name)) !== undefined) fail(`open ${when}: bytes, expected undefined`);
  if ((await store.stat(name)) !== undefined) fail(`stat ${when}: a row, expected undefined`);
  const kind = name.slice(0, name.indexOf("/")) as Kind;
  if ((await rows(store, kind)).some((row) => row.name === name))
    fail(`list ${when}: the name, expected it to be gone`);
}
