import type { Name, Store } from "@cache/core";
import { isCacheError } from "@cache/core/adapter";
import type { Case } from "../case.ts";
import { expectSame, expectThat, fail } from "../expect.ts";
import { turn } from "../samples.ts";
import { storeCase } from "./bench.ts";
import { draftOfBytes } from "./drafts.ts";
import type { StoreFixture } from "./fixture.ts";
import { readOpen } from "./reading.ts";

const VERSIONS = 12;
const SHORTEST = 200_000;

/** Version v is v in every byte, and of a length of its own: a part, or a mixture, shows at once. */
function versionOf(version: number): Uint8Array {
  return new Uint8Array(SHORTEST + version * 1000).fill(version);
}

function expectWhole(bytes: Uint8Array | undefined, how: string): void {
  if (bytes === undefined) fail(`${how} while the name is put again: undefined, expected one version or the other`);
  const version = (bytes.length - SHORTEST) / 1000;
  const whole =
    version >= 0 && version < VERSIONS && Number.isInteger(version) && bytes.every((byte) => byte === version);
  expectThat(whole, `${how} while the name is put again gives one version, whole (it gave ${bytes.length} bytes)`);
}

/** Runs `read` over and over, on both handles, while `write` puts version after version. */
async function during(
  stores: readonly Store[],
  write: (version: number) => Promise<unknown>,
  read: (store: Store) => Promise<void>,
): Promise<void> {
  let writing = true;
  const reader = async (store: Store) => {
    while (writing) {
      await read(store);
      // Without a turn of the event loop, readers of a store in memory would let no writer run.
      await turn();
    }
  };
  const readers = Promise.all([...stores, ...stores, ...stores, ...stores].map(reader));
  // A reader that failed ends the case below; until then its failure must not count as unhandled.
  readers.catch(() => undefined);
  try {
    for (let version = 1; version < VERSIONS; version++) await write(version);
  } finally {
    writing = false;
  }
  await readers;
}

async function openWhole(store: Store, name: Name): Promise<void> {
  try {
    expectWhole(await readOpen(store, name), "open");
  } catch (error) {
    // An iteration may throw when its version is gone; that is an answer, a part of a value is not.
    if (!isCacheError(error, "ERR_CACHE_STORE")) throw error;
  }
}

/** What readers see while a writer is at work. */
export const atomicCases: readonly Case<StoreFixture>[] = [
  storeCase("put: a reader never sees part of a value", async ({ store, reopen, name }) => {
    const [at, stores] = [name("entries"), [store, await reopen()]];
    await store.put(at, versionOf(0));
    const read = async (reader: Store) => expectWhole(await reader.get(at), "get");
    await during(stores, (version) => store.put(at, versionOf(version)), read);
  }),

  storeCase("put: who reads in pieces never sees part of a value", async ({ store, reopen, name }) => {
    const [at, stores] = [name("entries"), [store, await reopen()]];
    await store.put(at, versionOf(0));
    await during(
      stores,
      (version) => store.put(at, versionOf(version)),
      (reader) => openWhole(reader, at),
    );
  }),

  storeCase("putStream: a reader never sees part of a value", async ({ store, reopen, name }) => {
    const [at, stores] = [name("entries"), [store, await reopen()]];
    await store.put(at, versionOf(0));
    const write = (version: number) => {
      const bytes = versionOf(version);
      return store.putStream(draftOfBytes(at, bytes.subarray(100), 20_000, bytes.slice(0, 100)));
    };
    await during(stores, write, async (reader) => expectWhole(await reader.get(at), "get"));
  }),

  storeCase("put: of a name that was free a reader sees nothing or all", async ({ store, reopen, name }) => {
    const stores = [store, await reopen()];
    const names = Array.from({ length: VERSIONS }, () => name());
    let newest = names[0] as Name;
    const write = (version: number) => {
      newest = names[version] as Name;
      return store.put(newest, versionOf(version));
    };
    await during(stores, write, async (reader) => {
      const bytes = await reader.get(newest);
      if (bytes !== undefined) expectWhole(bytes, "get");
    });
    expectSame((await store.get(newest))?.length, versionOf(VERSIONS - 1).length, "length of the last value put");
  }),
];
