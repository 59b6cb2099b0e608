import { randomFillSync } from "node:crypto";
import { join } from "node:path";
import type { Kind } from "@cache/core/adapter";

/** Where everything of a store lies. */
export interface Paths {
  readonly root: string;
  /** `<root>/v1`: another layout would have another name and could lie beside it. */
  readonly version: string;
  readonly temporary: string;
  readonly quarantine: string;
  readonly layout: string;
  /** How much there is, in a store with limits. */
  readonly ledger: string;
}

/** Each has a directory of its own. */
export const KINDS: readonly Kind[] = ["blobs", "entries", "notes"];

/** The private directories below the version, apart from those of the kinds. */
export function pathsOf(root: string): Paths {
  const version = join(root, "v1");
  return {
    root,
    version,
    temporary: join(version, "tmp"),
    quarantine: join(version, "quarantine"),
    layout: join(version, "layout"),
    ledger: join(version, "ledger"),
  };
}

/** Every directory that a complete store has. */
export function directoriesOf(paths: Paths): readonly string[] {
  const kinds = KINDS.map((kind) => join(paths.version, kind));
  return [paths.version, paths.temporary, paths.quarantine, ...kinds];
}

/** The two parts of a name. */
export interface Place {
  readonly kind: Kind;
  readonly hex: string;
}

const NAME_LENGTH = 16;
const pool = new Uint8Array(256 * NAME_LENGTH);
let taken = pool.length;

/** 32 hexadecimal digits nobody can guess. Drawn from a pool, because asking the platform costs as much as a system call. */
export function randomName(): string {
  if (taken === pool.length) {
    randomFillSync(pool);
    taken = 0;
  }
  const at = taken;
  taken += NAME_LENGTH;
  return Buffer.from(pool.buffer, at, NAME_LENGTH).toString("hex");
}
