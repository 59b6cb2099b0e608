import { sourcesIn } from "./checks.ts";
import type { FileLookup } from "./lookup.ts";
import type { Made, MakeOptions, PutOptions, RestoreOptions } from "./options.ts";
import type { StoredFiles } from "./record.ts";
import { makeRoom } from "./restore/place.ts";
import { readTree } from "./tree/read-tree.ts";
import { type PlaceTurn, takePlace } from "./turns/turns.ts";

/** The two halves of the work. */
interface Halves {
  put(key: string, path: string, options: PutOptions): Promise<StoredFiles>;
  restore(key: string, path: string, options: RestoreOptions): Promise<FileLookup>;
}

/** What is to be at a path, and who makes it. */
interface Job {
  readonly key: string;
  readonly path: string;
  readonly make: () => void | Promise<void>;
}

/** Restores something, or has it made and stores it: what lies at the place when it is stored is what its key says, and whole. */
export function restoreOrMake(
  { put, restore }: Halves,
  { key, path, make }: Job,
  { keep = false, of, ...given }: MakeOptions,
): Promise<Made> {
  const { onProgress, signal, exclude } = given;
  const work = async (turn: PlaceTurn): Promise<Made> => {
    const found = await restore(key, path, { replace: true, onProgress, signal });
    if (found.state === "hit") return found;
    if (!keep) await makeRoom(path);
    await make();
    const isStored = (await areCurrent({ of })) && (await turn.isHeld());
    if (isStored) return { state: "made", files: await put(key, path, given) };
    return { state: "unstored", files: await readTree(path, { exclude, signal }) };
  };
  return takePlace(path, work, { signal });
}

/** Whether all that something was made of is what it was when the key was made. */
async function areCurrent(given: Pick<MakeOptions, "of">): Promise<boolean> {
  for (const source of sourcesIn(given)) if (!(await source.isCurrent())) return false;
  return true;
}
