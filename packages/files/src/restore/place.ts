import { link, lstat, mkdir, mkdtemp, realpath, rename, rm } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { CacheError, storeError } from "@cache/core/adapter";
import type { Tree } from "../tree/member.ts";

/** Where a tree is to appear. */
export interface Place {
  /** Absolute. */
  readonly path: string;
  readonly kind: Tree["kind"];
  readonly replace: boolean;
}

/** How often a place that others take or leave meanwhile is tried. */
const TRIES = 40;
/** Milliseconds between two tries at most. */
const LONGEST_PAUSE = 100;
/** How much of its name a directory beside a place has, so that it is no longer than a name may be. */
const SHOWN = 100;

/**
 * Has a tree made in a private directory beside its place, and moves it there when it is whole. A directory that is replaced is moved away
 * a moment before and removed after. A process that is killed leaves `.<name>.cache-<random>` beside the place, and in it, in that
 * moment, what was there, as `replaced-<number>`.
 * @throws CacheError `ERR_CACHE_UNSAFE_PATH` for a place where something is that may not be replaced, `ERR_CACHE_STORE`
 */
export async function publish(place: Place, make: (path: string) => Promise<void>): Promise<void> {
  await isTaken(place);
  const stage = await makeStage(place.path);
  const moves = new Moves(place, stage);
  let isLeft = false;
  try {
    const made = join(stage, "made");
    await make(made);
    await moves.into(made);
  } catch (error) {
    isLeft = !(await moves.takeBack());
    if (!isLeft) throw error;
    const why = `the files could not be put into place; what was there lies in ${stage}`;
    throw new CacheError("ERR_CACHE_STORE", why, { cause: error });
  } finally {
    if (!isLeft) await rm(stage, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}

/** A private directory beside a place, on the same medium. What cannot be removed of it is in nobody's way: its name is its own. */
function makeStage(path: string): Promise<string> {
  return onMedium("making a directory to restore in", async () => {
    await mkdir(dirname(path), { recursive: true });
    const name = Buffer.from(basename(path)).subarray(0, SHOWN).toString().replaceAll("\ufffd", "");
    return mkdtemp(join(dirname(path), `.${name}.cache-`));
  });
}

/** Moves what was made to its place, and what was there out of its way. */
class Moves {
  readonly #place: Place;
  readonly #stage: string;
  #away: string[] = [];

  constructor(place: Place, stage: string) {
    this.#place = place;
    this.#stage = stage;
  }

  async into(made: string): Promise<void> {
    await onMedium("moving what was restored into place", async () => {
      for (let tries = 1; !(await this.#tryInto(made)); tries += 1) {
        if (tries === TRIES) throw Object.assign(new Error("the place is taken again and again"), { code: "EBUSY" });
        // Not all for as long as each other, or they would meet again.
        await pause(Math.random() * Math.min(2 ** tries, LONGEST_PAUSE));
      }
      this.#away = [];
    });
  }

  /** Puts back what was moved away. @returns false when something of others is left in the stage */
  async takeBack(): Promise<boolean> {
    const last = this.#away.pop();
    if (last === undefined) return true;
    const isBack = await rename(last, this.#place.path).then(
      () => true,
      () => false,
    );
    return isBack && this.#away.length === 0;
  }

  async #tryInto(made: string): Promise<boolean> {
    const { path, kind, replace } = this.#place;
    try {
      if (kind === "file") await (replace ? rename(made, path) : moveIfFree(made, path));
      else {
        if (await isTaken(this.#place)) await this.#moveAway();
        await rename(made, path);
      }
      return true;
    } catch (error) {
      if (!COMES_AND_GOES.has(codeOf(error))) throw error;
      // Somebody took the place or left it since it was looked at. If it may not be taken, that is said here.
      await isTaken(this.#place);
      return false;
    }
  }

  async #moveAway(): Promise<void> {
    const away = join(this.#stage, `replaced-${this.#away.length + 1}`);
    await rename(this.#place.path, away);
    this.#away.push(away);
  }
}

const COMES_AND_GOES: ReadonlySet<unknown> = new Set(["ENOENT", "EEXIST", "ENOTEMPTY", "ENOTDIR", "EISDIR"]);
const LINKLESS: ReadonlySet<unknown> = new Set(["EPERM", "EACCES", "ENOSYS", "ENOTSUP", "EOPNOTSUPP"]);
const codeOf = (error: unknown): unknown => (error as { code?: unknown } | null)?.code;

/** A link decides in one step who comes first. Where there are none, it was looked a moment before. */
async function moveIfFree(made: string, path: string): Promise<void> {
  try {
    await link(made, path);
  } catch (error) {
    if (!LINKLESS.has(codeOf(error))) throw error;
    await rename(made, path);
  }
}

/**
 * Whether something is there that may be replaced.
 * @throws CacheError `ERR_CACHE_UNSAFE_PATH` for what may not be, `ERR_CACHE_STORE`
 */
async function isTaken({ path, kind, replace }: Place): Promise<boolean> {
  const found = await onMedium("looking at the place to restore to", () => lstat(path).catch(unlessGone));
  if (found === undefined) return false;
  if (!replace) throw unsafe("something is there already where the files are to be restored");
  if (kind === "directory" ? !found.isDirectory() : !found.isFile())
    throw unsafe(`what is there is no ${kind}, and is not replaced by one`);
  if (kind === "directory") await requireElsewhere(path);
  return true;
}

/**
 * For a directory that is to go.
 * @throws CacheError `ERR_CACHE_UNSAFE_PATH` when the working directory is in it
 */
async function requireElsewhere(path: string): Promise<void> {
  const real = await onMedium("looking at the place", () => realpath(path).catch(unlessGone));
  if (real === undefined) return;
  const way = relative(real, process.cwd());
  if (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way))
    throw unsafe("the working directory is in what would be replaced");
}

/** Removes what lies at a path, so that what is made there is new. @throws CacheError as {@link publish} */
export async function makeRoom(at: string): Promise<void> {
  // Without a slash at its end, by which a link would be what it leads to, and not be removed.
  const path = resolve(at);
  const found = await onMedium("looking at the place", () => lstat(path).catch(unlessGone));
  if (found === undefined) return;
  if (found.isDirectory()) await requireElsewhere(path);
  await onMedium("removing what is there", () => rm(path, { recursive: true, force: true, maxRetries: 3 }));
  const left = await onMedium("looking at the place", () => lstat(path).catch(unlessGone));
  if (left !== undefined) throw unsafe("what is there was not removed, or somebody else made something there");
}

/** What was found, or nothing, where nothing is any more. */
function unlessGone(error: unknown): undefined {
  if (codeOf(error) !== "ENOENT") throw error;
}

const unsafe = (why: string): CacheError => new CacheError("ERR_CACHE_UNSAFE_PATH", why);

async function onMedium<T>(what: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw storeError(what, error);
  }
}
