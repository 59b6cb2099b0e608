import { mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type MonotonicStore, type Seen, storeError } from "@cache/core/adapter";
import { errno, isAbsence } from "./failures.ts";
import { checkPrivate, makePrivate, settle } from "./privacy.ts";

/** A sequence as a file name: digits whose order is that of the numbers, up to 2^53 - 1. */
const SHAPE = /^00[01][0-9a-f]{13}$/;
const DIGEST = /^[0-9a-f]{64}$/;
/** Milliseconds for which directories that were looked at are believed to be as they were. */
const BELIEVED = 1000;
/** Newer ones than this would have to come between looking and reading, one after the other. */
const MOST_TRIES = 100;

const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const fileOf = (sequence: number): string => sequence.toString(16).padStart(16, "0");

/**
 * What was seen of each name, in a directory, for any number of processes at once. Keep it where those who can write to the
 * cache cannot: with the program's state, in `$XDG_STATE_HOME`, and not in a place for caches.
 *
 * A name has a directory, and what was seen is a file in it that is called by its sequence. The highest counts. One is made
 * in one step and never replaced, and a higher one is there before lower ones go, so that neither a crash nor another
 * process can take anything back.
 * A loss of power can take back what was seen in the last seconds before it.
 * The directory must be the user's and nobody else's to write, as that of a file store.
 * @throws TypeError for what is no path
 */
export function monotonicStore(directory: string): MonotonicStore {
  if (typeof directory !== "string" || directory === "" || directory.includes("\0")) {
    throw new TypeError("the directory of a monotonic store is a path");
  }
  const root = resolve(directory);
  let version: string | undefined;
  let looked = 0;

  /**
   * The directory that holds names; `undefined` while there is none. Looked at again after a second: somebody who may write
   * to a directory above could have put another in its place, which says that less was seen.
   */
  function look(): string | undefined {
    const age = Date.now() - looked;
    if (version !== undefined && age >= 0 && age < BELIEVED) return version;
    version = undefined;
    const [outer, inner] = directoriesIn(root);
    if (checkPrivate(outer) && checkPrivate(inner)) version = inner;
    looked = Date.now();
    return version;
  }

  return {
    async get(scope) {
      requireScope(scope);
      try {
        const found = look();
        return found === undefined ? undefined : newestIn(placeOf(found, scope));
      } catch (error) {
        throw storeError("looking for what was seen", error);
      }
    },
    async advance(scope, seen) {
      requireScope(scope);
      try {
        const place = placeOf(look() ?? make(root), scope);
        return remember(place, seen);
      } catch (error) {
        throw storeError("remembering what was seen", error);
      }
    },
  };
}

function directoriesIn(root: string): [string, string] {
  const outer = settle(root);
  return [outer, join(outer, "v1")];
}

function make(root: string): string {
  const [outer, inner] = directoriesIn(root);
  mkdirSync(dirname(outer), { recursive: true, mode: 0o700 });
  for (const each of [outer, inner]) {
    makePrivate(each);
    checkPrivate(each);
  }
  return inner;
}

function requireScope(scope: Uint8Array): void {
  if (scope?.byteLength !== 32) throw new TypeError("a scope has 32 bytes");
}

function placeOf(version: string, scope: Uint8Array): string {
  const hex = toHex(scope);
  return join(version, hex.slice(0, 2), hex);
}

/**
 * What counts now. It is looked for again after it was read: a file that gave way to a higher one may have been made anew,
 * by a writer that had not seen the higher one, but then the higher one is seen by now.
 */
function newestIn(place: string): Seen | undefined {
  let newest = sequencesIn(place).at(-1);
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    if (newest === undefined) return undefined;
    const digest = digestIn(join(place, newest));
    const again = sequencesIn(place).at(-1);
    if (digest !== undefined && newest === again) return { sequence: Number.parseInt(newest, 16), digest };
    newest = again;
  }
  throw new Error("what was seen changes faster than it can be read");
}

function sequencesIn(place: string): string[] {
  try {
    return readdirSync(place)
      .filter((file) => SHAPE.test(file))
      .sort();
  } catch (error) {
    if (isAbsence(error)) return [];
    throw error;
  }
}

/** `undefined` when the file has given way to a higher one. */
function digestIn(path: string): Uint8Array | undefined {
  let text: string;
  try {
    text = readlinkSync(path);
  } catch (error) {
    if (isAbsence(error)) return undefined;
    if (errno(error) !== "EINVAL" && errno(error) !== "UNKNOWN") throw error;
    text = readFileSync(path, "utf8");
  }
  if (!DIGEST.test(text)) throw new Error("what was seen is damaged");
  return Uint8Array.from(Buffer.from(text, "hex"));
}

function remember(place: string, seen: Seen): Seen {
  const before = newestIn(place);
  if (before !== undefined && before.sequence >= seen.sequence) return before;
  mkdirSync(place, { recursive: true, mode: 0o700 });
  makeFile(join(place, fileOf(seen.sequence)), toHex(seen.digest));
  const newest = newestIn(place) ?? seen;
  for (const file of sequencesIn(place)) if (file < fileOf(newest.sequence)) remove(join(place, file));
  return newest;
}

/** A link that leads nowhere, since a link is made with what it says in one step, and never over another one. */
function makeFile(path: string, digest: string): void {
  try {
    symlinkSync(digest, path);
  } catch (error) {
    if (errno(error) === "EEXIST") return;
    // Windows, without the right to make links.
    if (errno(error) !== "EPERM") throw error;
    writeFileSync(path, digest, { flag: "wx", mode: 0o600 });
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    // Another process was first.
    if (!isAbsence(error)) throw error;
  }
}
