import { renameSync } from "node:fs";
import { join } from "node:path";
import type { Kind, Name } from "@cache/core/adapter";
import { isAbsence } from "./failures.ts";
import { leavingsIn } from "./leavings.ts";
import { type Place, randomName } from "./paths.ts";
import { tellRemoved } from "./witness.ts";

/** What was set aside because it was not to be believed. */
export interface Quarantined {
  /** The name it had, in the place of a value; absent for what lay elsewhere. Another value may have it by now. */
  readonly name?: Name | undefined;
  /** Where its bytes are, for inspection. They are not to be trusted. */
  readonly path: string;
  /** Length in bytes. */
  readonly size: number;
  /** When it was set aside, in milliseconds since 1970 UTC. */
  readonly since: number;
}

const SHAPE = /^(blobs|entries|notes)-([0-9a-f]{64})-[0-9a-f]{32}$/;

/** A file name that keeps the value's name, and that no other file in quarantine has. */
export function quarantinedAs(kind: Kind, hex: string): string {
  return `${kind}-${hex}-${randomName()}`;
}

/** Nothing can be moved over a directory. One that somebody planted goes with all it holds, in one step. */
export function setDirectoryAside(quarantine: string, path: string, { kind, hex }: Place): void {
  try {
    renameSync(path, join(quarantine, quarantinedAs(kind, hex)));
    tellRemoved(path);
  } catch (error) {
    // Another process was first.
    if (!isAbsence(error)) throw error;
  }
}

/** All that is in a quarantine. */
export async function* quarantinedIn(
  directory: string,
  signal?: AbortSignal,
): AsyncGenerator<Quarantined, void, undefined> {
  for await (const { file, path, size, since } of leavingsIn(directory, signal)) {
    const [, kind, hex] = SHAPE.exec(file) ?? [];
    yield { name: kind === undefined ? undefined : `${kind as Kind}/${hex}`, path, size, since };
  }
}
