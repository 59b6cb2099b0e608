import type { Name, Store } from "@cache/core";
import { isCacheError } from "@cache/core/adapter";
import { concat } from "@cache/core/bytes";
import type { Case } from "../case.ts";
import { expectBytes, expectThat, show } from "../expect.ts";
import { sample } from "../samples.ts";
import { storeCase } from "./bench.ts";
import { draftOfBytes } from "./drafts.ts";
import type { StoreFixture } from "./fixture.ts";
import { begin, rest } from "./reading.ts";

const LENGTH = 2 * 1024 * 1024 + 5;
const NONE: IteratorResult<Uint8Array> = { done: false, value: new Uint8Array(0) };

const CHANGES: readonly (readonly [string, (store: Store, name: Name) => Promise<unknown>])[] = [
  ["the name is put again", (store, name) => store.put(name, sample(LENGTH, 2))],
  ["the name is put again with fewer bytes", (store, name) => store.put(name, sample(10, 2))],
  ["the name is put again by a stream", (store, name) => store.putStream(draftOfBytes(name, sample(LENGTH, 2)))],
  ["the name is deleted", (store, name) => store.delete(name)],
  ["the name is quarantined", (store, name) => store.delete(name, { quarantine: true })],
];

/** All of the first version, or an error that says the store could not; never a mixture, never a clean early end. */
async function expectOneVersion(store: Store, name: Name, change: () => Promise<unknown>, taken: 0 | 1): Promise<void> {
  const iterator = await begin(store, name);
  const first = taken === 0 ? NONE : await iterator.next();
  expectThat(first.done !== true, "open delivers something of a value that is not empty");
  await change();
  let left: Uint8Array[];
  try {
    left = await rest(iterator);
  } catch (error) {
    const honest = isCacheError(error, "ERR_CACHE_STORE");
    expectThat(honest, `an iteration that cannot go on throws ${show(error)}, expected ERR_CACHE_STORE`);
    return;
  }
  expectBytes(concat(first.value, ...left), sample(LENGTH, 1), "what an open delivered while the name changed");
}

/** What an open iteration delivers when the name changes under it. */
export const oneVersionCases: readonly Case<StoreFixture>[] = CHANGES.flatMap(([words, change]) => [
  storeCase(`open: delivers one version when ${words} midway`, async ({ store, reopen, name }) => {
    const [at, second] = [name("entries"), await reopen()];
    await store.put(at, sample(LENGTH, 1));
    await expectOneVersion(store, at, () => change(second, at), 1);
  }),

  storeCase(`open: delivers one version when ${words} before the first piece is taken`, async (bench) => {
    const [at, second] = [bench.name("entries"), await bench.reopen()];
    await bench.store.put(at, sample(LENGTH, 1));
    await expectOneVersion(bench.store, at, () => change(second, at), 0);
  }),
]);
