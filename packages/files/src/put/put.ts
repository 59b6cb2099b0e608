import { CacheError, isCacheError } from "@cache/core";
import { fileCounter, type PutOptions, type Settings } from "../options.ts";
import type { Pack, TreeRecord } from "../record.ts";
import { type DigestedFile, readFile } from "../tree/read-file.ts";
import type { SeenFile } from "../tree/seen-file.ts";
import { requireUnchanged } from "../tree/unchanged.ts";
import { walk } from "../tree/walk.ts";
import { packsOf } from "./packs.ts";
import { requireNoSecrets } from "./secret-files.ts";

/** Stores what lies at a path. Content comes before the entry that names it, so what a put that failed leaves is collected. */
export async function putTree(
  { trees }: Settings,
  key: string,
  path: string,
  { exclude, ttl, signal, onProgress, secretFiles = [] }: PutOptions,
): Promise<TreeRecord> {
  const walked = await walk(path, exclude);
  const { root, tree } = walked;
  await requireNoSecrets(tree.files, secretFiles);
  const files: DigestedFile[] = [];
  const packs: Pack[] = [];
  const count = fileCounter(onProgress);
  for (const members of packsOf(tree.files)) {
    const size = members.reduce((sum, each) => sum + each.size, 0);
    const content = concatenated(root, members, (file) => {
      files.push(file);
      count(file);
    });
    const digest = await trees.blobs.put(content, { signal });
    if (size > 0) packs.push({ digest, size });
  }
  await requireUnchanged(path, exclude, walked);
  const record: TreeRecord = { format: 1, ...tree, files, packs };
  const needs = [...new Set(packs.map(({ digest }) => digest))];
  await trees.set(key, record, { ttl, signal, needs }).catch(tellOfNames);
  return record;
}

async function* concatenated(
  root: string,
  members: readonly SeenFile[],
  tell: (file: DigestedFile) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (const member of members) yield* readFile(root, member, tell);
}

/** What is too large is the list of all names, which no option about files speaks of. */
function tellOfNames(cause: unknown): never {
  if (!isCacheError(cause, "ERR_CACHE_LIMIT")) throw cause;
  const why =
    "the list of all names is larger than maxBufferedBytes of the cache: give parts of the directory keys of their own";
  throw new CacheError("ERR_CACHE_LIMIT", why, { cause });
}
