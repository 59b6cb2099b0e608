import type { Kind, Listed, Name, Store } from "@cache/core";
import type { Case } from "../case.ts";
import { expectSame, expectThat } from "../expect.ts";
import { sample } from "../samples.ts";
import { eachOf, storeCase } from "./bench.ts";
import { draftOf, draftOfBytes } from "./drafts.ts";
import type { StoreFixture } from "./fixture.ts";
import { rows } from "./reading.ts";
import { expectJustNow } from "./stat.ts";

const KINDS: readonly Kind[] = ["blobs", "entries", "notes"];

/** More than a page of any service known to answer a listing in pages, most of which hold a thousand. */
const PAGES = 1_100;

/** Others may use the medium too: each of `names` once, and of theirs only that they are complete names. */
function expectListed(listing: readonly Listed[], kind: Kind, names: readonly Name[]): void {
  const counts = new Map<string, number>();
  for (const { name } of listing) {
    const complete =
      name.length === kind.length + 65 && name.startsWith(`${kind}/`) && /^\w+\/[0-9a-f]{64}$/.test(name);
    expectThat(complete, `list of ${kind}: a row that is no complete name of the kind: ${JSON.stringify(name)}`);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const missing = names.filter((name) => !counts.has(name)).length;
  const twice = names.filter((name) => (counts.get(name) ?? 0) > 1).length;
  expectSame(missing, 0, `list of ${kind}: of ${names.length} names, those left out`);
  expectSame(twice, 0, `list of ${kind}: of ${names.length} names, those given more than once`);
}

async function putMany(store: Store, count: number, name: () => Name): Promise<Name[]> {
  const names = Array.from({ length: count }, name);
  await eachOf(names, 32, (at) => store.put(at, sample(3)));
  return names;
}

/** Listings. */
export const listCases: readonly Case<StoreFixture>[] = [
  storeCase("list: every complete name of the kind once, and none of another kind", async ({ store, name }) => {
    const put = new Map<Kind, Name[]>();
    for (const kind of KINDS) put.set(kind, await putMany(store, 20, () => name(kind)));
    for (const kind of KINDS) {
      const listing = await rows(store, kind);
      expectListed(listing, kind, put.get(kind) ?? []);
      const others = KINDS.filter((other) => other !== kind).flatMap((other) => put.get(other) ?? []);
      const digits = new Set(others.map((at) => at.slice(-64)));
      const strays = listing.filter((row) => digits.has(row.name.slice(-64)));
      expectSame(strays.length, 0, `list of ${kind}: digits under which only other kinds were put`);
    }
  }),

  storeCase("list: a name put again is still one name", async ({ store, reopen, name }) => {
    const names = await putMany(store, 5, () => name("entries"));
    for (const at of names) await store.put(at, sample(50));
    const streamed = name("entries");
    for (let round = 0; round < 3; round++) await store.putStream(draftOfBytes(streamed, sample(50)));
    expectListed(await rows(store, "entries"), "entries", [...names, streamed]);
    expectListed(await rows(await reopen(), "entries"), "entries", [...names, streamed]);
  }),

  storeCase("list: rows carry size and time", async ({ store, name }) => {
    const sizes = new Map<Name, number>();
    for (const length of [0, 1, 5000, 100_000]) {
      const at = name();
      sizes.set(at, length);
      await store.put(at, sample(length));
    }
    const listing = await rows(store, "blobs");
    expectListed(listing, "blobs", [...sizes.keys()]);
    for (const row of listing) {
      if (!sizes.has(row.name)) continue;
      expectSame(row.size, sizes.get(row.name), "size of a row");
      expectJustNow(row.modified, "modified of a row");
    }
  }),

  storeCase("list: names only what is complete", async ({ store, name }) => {
    const [at, there] = [name(), name()];
    await store.put(there, sample(10));
    async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
      yield sample(100_000);
      const listing = await rows(store, "blobs");
      expectListed(listing, "blobs", [there]);
      expectThat(!listing.some((row) => row.name === at), "list while a stream is being put leaves its name out");
    }
    await store.putStream(draftOf({ name: at, body: body() }));
    expectListed(await rows(store, "blobs"), "blobs", [there, at]);
  }),

  storeCase("list: leaves out what was deleted or quarantined", async ({ store, name }) => {
    const names = await putMany(store, 20, () => name());
    const gone = names.slice(0, 10);
    for (const [index, at] of gone.entries()) await store.delete(at, { quarantine: index % 2 === 0 });
    const listing = await rows(store, "blobs");
    expectListed(listing, "blobs", names.slice(10));
    expectThat(!listing.some((row) => gone.includes(row.name)), "list leaves out what was deleted or quarantined");
  }),

  storeCase("list: names may be deleted and put while it runs", async ({ store, name }) => {
    const names = await putMany(store, 50, () => name());
    const listing: Listed[] = [];
    for await (const row of store.list("blobs")) {
      listing.push(row);
      if (!names.includes(row.name)) continue;
      await store.delete(row.name);
      await store.put(name(), sample(3));
    }
    expectListed(listing, "blobs", names);
  }),

  storeCase("list: a name deleted and put again while it runs comes once", async ({ store, name }) => {
    const names = await putMany(store, 20, () => name());
    const listing: Listed[] = [];
    for await (const row of store.list("blobs")) {
      listing.push(row);
      if (!names.includes(row.name)) continue;
      await store.delete(row.name);
      await store.put(row.name, sample(3));
      const again = listing.filter((earlier) => earlier.name === row.name).length;
      if (again > 1) break;
    }
    expectListed(listing, "blobs", names);
  }),

  storeCase("list: an iteration may be left early, and the store still works", async ({ store, name }) => {
    const names = await putMany(store, 20, () => name());
    for (let round = 0; round < 5; round++) for await (const _ of store.list("blobs")) break;
    expectListed(await rows(store, "blobs"), "blobs", names);
  }),

  storeCase("list: more names than a page holds", async ({ store, name }) => {
    const names = await putMany(store, PAGES, () => name());
    expectListed(await rows(store, "blobs"), "blobs", names);
  }),
];
