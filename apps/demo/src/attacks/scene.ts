import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { CacheEvent, Kind } from "@cache/core";
import type { Keyring } from "@cache/core/keyring";
import { openCache, type Variation } from "../caches.ts";
import { censusOf } from "../census.ts";
import type { SourceFile } from "../files.ts";

/** Where attacks happen: a directory that the program has filled. */
export interface Scene {
  readonly directory: string;
  readonly keyring: Keyring;
  /** What the program works on. Each has an entry. */
  readonly files: readonly SourceFile[];
  /** Hears of what the owner's lookups meet. */
  readonly onEvent: (event: CacheEvent) => void;
}

/** What an attack answers: how lookups of what it touched ended, and what else can be said. */
interface Outcome {
  readonly seen: readonly string[];
  readonly proofs?: readonly { readonly claim: string; readonly holds: boolean }[];
}

/** One attack. */
export interface Attack {
  readonly title: string;
  readonly deed: string;
  readonly promise: string;
  readonly expected: readonly string[];
  perform(scene: Scene): Promise<Outcome>;
}

/** The file of the scene with this number. Attacks take different ones, so that none meets what another left. */
export function target({ files }: Scene, index: number): SourceFile {
  return files[index % files.length] as SourceFile;
}

/** How the owner's lookup of a file's entry ends: `hit`, `miss`, `expired` or `rejected CODE`. */
export async function look(scene: Scene, file: SourceFile, variation: Variation = {}): Promise<string> {
  const cache = openCache(scene.directory, scene.keyring, { onEvent: scene.onEvent, ...variation });
  const found = await cache.lookup(censusOf(cache).keyOf(file));
  return found.state === "rejected" ? `rejected ${found.code}` : found.state;
}

/** The files of all values of one kind in a directory. */
export function valueFiles(directory: string, kind: Kind): string[] {
  const entries = readdirSync(join(directory, "v1", kind), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /^[0-9a-f]{64}$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/**
 * Where a file's entry lies. Names in the directory tell an attacker nothing; the owner learns them from the events of
 * a lookup, which show the first digits.
 */
export async function entryPath(scene: Scene, file: SourceFile, variation: Variation = {}): Promise<string> {
  const events: CacheEvent[] = [];
  await look(scene, file, { ...variation, onEvent: (event) => void events.push(event) });
  const id = events.at(-1)?.id;
  const path = id && valueFiles(scene.directory, "entries").find((each) => basename(each).startsWith(id));
  if (!path) throw new Error("the demonstration found no entry to attack");
  return path;
}
