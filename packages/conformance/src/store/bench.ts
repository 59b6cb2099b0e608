import type { Kind, Name, Store } from "@cache/core";
import { toHex } from "@cache/core/bytes";
import type { Case } from "../case.ts";
import { random } from "../samples.ts";
import type { StoreFixture } from "./fixture.ts";

/** What a store case works with. */
export interface Bench {
  readonly store: Store;
  /** Another handle on the same medium. */
  reopen(): Promise<Store>;
  readonly persistent: boolean;
  /** A name nobody uses; removed when the case is over. */
  name(kind?: Kind): Name;
}

/** A case that removes what was put under the names it gave out, whether the claim held or not. */
export function storeCase(name: string, claim: (bench: Bench) => Promise<void>): Case<StoreFixture> {
  return { name, run: (fixture) => runOnBench(fixture, claim) };
}

async function runOnBench(fixture: StoreFixture, claim: (bench: Bench) => Promise<void>): Promise<void> {
  const store = await fixture.open();
  const given: Name[] = [];
  const bench: Bench = {
    store,
    reopen: () => fixture.reopen(),
    persistent: fixture.persistent,
    name(kind = "blobs") {
      const name: Name = `${kind}/${toHex(random(32))}`;
      given.push(name);
      return name;
    },
  };
  try {
    await claim(bench);
  } catch (error) {
    // The claim's own failure is the news; that such a store cannot clean up either is not.
    await removeAll(store, given).catch(() => undefined);
    throw error;
  }
  await removeAll(store, given);
}

async function removeAll(store: Store, names: readonly Name[]): Promise<void> {
  await eachOf(names, 32, (name) => store.delete(name));
}

/** Calls `work` for every item, at most `width` at once. */
export async function eachOf<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
}
