import type { FileStore } from "@cache/cas";
import { type Cache, createCache, readOnly } from "@cache/core";
import type { Report } from "../foreign/report.ts";
import type { Session } from "../session.ts";

const digestsIn = async function* (store: FileStore): AsyncGenerator<string> {
  for await (const { name } of store.list("blobs")) yield name.slice("blobs/".length);
};

/**
 * Takes over content that lies there in plain text and that no entry brought along. What is not what its name says is sealed
 * or damaged, and is passed over.
 * @param done - digests that were taken over with their entries
 */
export async function takeContent(
  store: FileStore,
  { cache }: Session,
  done: ReadonlySet<string>,
  report: Report,
  dryRun: boolean,
): Promise<void> {
  const old = createCache({ store: readOnly(store) });
  for await (const digest of digestsIn(store)) {
    if (done.has(digest) || !(await old.blobs.has(digest))) continue;
    await report.tell({ name: `blobs/${digest}`, outcome: await takeOne(old, cache, digest, dryRun) });
  }
}

async function takeOne(old: Cache, cache: Cache<Uint8Array>, digest: string, dryRun: boolean): Promise<string> {
  if (await cache.blobs.has(digest)) return "present";
  const pieces = dryRun ? undefined : await old.blobs.open(digest);
  // Read to its end it is verified once more: content that changed meanwhile throws before it is stored.
  if (pieces !== undefined) await cache.blobs.put(pieces);
  return "imported";
}

/** Removes content that lies there in plain text. What is sealed, whoever has the key, has not the digest that its name is. */
export async function removeContent(store: FileStore, report: Report, dryRun: boolean): Promise<void> {
  const [looking, removing] = [createCache({ store: readOnly(store) }), createCache({ store })];
  for await (const digest of digestsIn(store)) {
    if (!(await looking.blobs.has(digest))) continue;
    if (!dryRun) await removing.blobs.delete(digest);
    await report.tell({ name: `blobs/${digest}`, outcome: "removed" });
  }
}
