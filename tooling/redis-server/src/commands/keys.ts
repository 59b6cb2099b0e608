import { now } from "../data/clock.ts";
import { globToRegExp } from "../data/glob.ts";
import { OK, Refusal, type Reply, Status } from "../protocol/reply.ts";
import { type Command, type Commands, type Context, raw } from "./command.ts";
import { integer } from "./numbers.ts";

/** Most keys on a page, however many are asked for: the real one need not give so many either. */
const PAGE = 50;

const everyKey = (words: readonly Buffer[]) => words.slice(1).map(raw);

const remove: Command = {
  arity: -2,
  writes: true,
  keysOf: everyKey,
  run: ({ keys }, words) => everyKey(words).filter((key) => keys.delete(key)).length,
};

function expire(at: (word: Buffer | undefined) => number): Command {
  return {
    arity: -3,
    writes: true,
    run: ({ keys }, words) => (keys.expire(raw(words[1]), at(words[2])) ? 1 : 0),
  };
}

/** Commands about keys of every type. */
export const keyCommands: Commands = {
  DEL: remove,
  UNLINK: remove,
  EXISTS: {
    arity: -2,
    keysOf: everyKey,
    run: ({ keys }, words) => everyKey(words).filter((key) => keys.get(key) !== undefined).length,
  },
  TYPE: { arity: 2, run: ({ keys }, words) => new Status(keys.get(raw(words[1]))?.type ?? "none") },
  PEXPIRE: expire((word) => now() + integer(word)),
  PEXPIREAT: expire(integer),
  EXPIRE: expire((word) => now() + 1000 * integer(word)),
  PERSIST: {
    arity: 2,
    writes: true,
    run({ keys }, words) {
      const had = keys.ends(raw(words[1])) !== undefined;
      keys.expire(raw(words[1]), undefined);
      return had ? 1 : 0;
    },
  },
  PTTL: {
    arity: 2,
    run({ keys }, words) {
      const key = raw(words[1]);
      if (keys.get(key) === undefined) return -2;
      const ends = keys.ends(key);
      return ends === undefined ? -1 : ends - now();
    },
  },
  RENAME: { arity: 3, writes: true, keysOf: (words) => everyKey(words), run: rename },
  SCAN: { arity: -2, keysOf: () => [], run: scan },
  DBSIZE: { arity: 1, keysOf: () => [], run: ({ keys }) => keys.keys().length },
  FLUSHALL: {
    arity: -1,
    writes: true,
    keysOf: () => [],
    run({ keys }) {
      keys.clear();
      return OK;
    },
  },
};

function rename({ keys }: Context, [, from, to]: readonly Buffer[]): Reply {
  const value = keys.get(raw(from));
  if (value === undefined) throw new Refusal("ERR no such key");
  const ends = keys.ends(raw(from));
  keys.delete(raw(from));
  keys.set(raw(to), value, ends);
  return OK;
}

/**
 * Goes through the keys in the order of their hashes, so that none is left out that is there all the time. Like the real
 * one it may answer a key more than once: each page begins with the last hash of the one before.
 */
function scan({ keys }: Context, words: readonly Buffer[]): Reply {
  let [pattern, count] = [/^/, 10];
  for (let at = 2; at < words.length; at += 2) {
    const option = raw(words[at]).toUpperCase();
    if (option === "MATCH") pattern = globToRegExp(raw(words[at + 1]));
    else if (option === "COUNT") count = integer(words[at + 1]);
    else throw new Refusal("ERR syntax error");
  }
  const from = integer(words[1]);
  const rows = keys.keys().map((key) => ({ key, hash: hashOf(key) }));
  const left = rows.filter(({ hash }) => hash >= from).sort((one, other) => one.hash - other.hash);
  const page = left.slice(0, Math.max(2, Math.min(count, PAGE)));
  const last = page.at(-1)?.hash ?? 0;
  const next = page.length < left.length && last > from ? last : 0;
  const found = next === 0 ? left : page;
  return [String(next), found.flatMap(({ key }) => (pattern.test(key) ? [Buffer.from(key, "latin1")] : []))];
}

function hashOf(key: string): number {
  let hash = 2_166_136_261;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 16_777_619) >>> 0;
  return hash;
}
