import { resolve } from "node:path";
import { CacheError, parseSize, refusalOf } from "@cache/core/adapter";
import { fileCounter, type RestoreOptions, type Settings } from "../options.ts";
import { sizeOf, type TreeRecord } from "../record.ts";
import { Content, Lost } from "./content.ts";
import { publish } from "./place.ts";
import { writeTree } from "./write-tree.ts";

/** What became of a restoration: it is there, something it needs is lost, or not to be believed. */
export type Restored = "restored" | "lost" | CacheError;

/** Makes a tree at a path, whole and verified, or not at all. */
export async function restoreTree(
  settings: Settings,
  record: TreeRecord,
  path: string,
  { replace = false, maxBytes, signal, onProgress }: RestoreOptions,
): Promise<Restored> {
  if (maxBytes !== undefined && sizeOf(record) > parseSize(maxBytes))
    throw new CacheError("ERR_CACHE_LIMIT", "the files are larger than allowed");
  const content = new Content(settings, record, signal);
  try {
    const place = { path: resolve(path), kind: record.kind, replace };
    await publish(place, (made) => writeTree(record, made, content, fileCounter(onProgress)));
    return "restored";
  } catch (error) {
    if (error instanceof Lost) return "lost";
    return refusalOf(error);
  } finally {
    await content.close();
  }
}
