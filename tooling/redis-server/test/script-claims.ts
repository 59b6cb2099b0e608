import { expect } from "vitest";
import type { Claim, Send } from "./claims.ts";

const run = (send: Send, script: string, ...words: string[]) => send("EVAL", script, "1", "a", ...words);
const text = (answer: unknown) => (answer instanceof Uint8Array ? Buffer.from(answer).toString() : answer);
const SHA = "e0e1f9fabfc9d4800c877a703b823ac0578ff8db";

/** What scripts rely on. */
export const scriptClaims: readonly Claim[] = [
  [
    "a script that the server was sent is known by its digest from then on, until they are flushed",
    async (send) => {
      await send("SCRIPT", "FLUSH");
      await expect(send("EVALSHA", SHA, "0")).rejects.toThrow(/^NOSCRIPT/);
      expect(await send("EVAL", "return 1", "0")).toBe(1);
      expect(await send("EVALSHA", SHA, "0")).toBe(1);
      expect(await send("EVALSHA", SHA.toUpperCase(), "0")).toBe(1);
    },
  ],
  [
    "answers: nothing is false, lists end where nothing is, fractions go, errors and states are tables",
    async (send) => {
      const script =
        "return {redis.call('GET', KEYS[1]) == false, 1.9, 'x', {}, redis.call('SET', KEYS[1], ARGV[1]), nil, 2}";
      expect(await run(send, script, "1")).toEqual([1, 1, Buffer.from("x"), [], Buffer.from("OK")]);
      expect([await run(send, "return false"), await run(send, "return nil")]).toEqual([null, null]);
      await expect(run(send, "return {err = 'MINE of my own'}")).rejects.toThrow(/^MINE of my own/);
    },
  ],
  [
    "bytes go in and come out as they are",
    async (send) => {
      const bytes = Buffer.from(Array.from({ length: 256 }, (_, at) => at));
      expect(
        await send(
          "EVAL",
          "redis.call('HSET', KEYS[1], 'f', ARGV[1]) return redis.call('HGET', KEYS[1], 'f')",
          "1",
          "a",
          bytes,
        ),
      ).toEqual(bytes);
    },
  ],
  [
    "numbers are as long as times are, and are written without a fraction",
    async (send) => {
      const script =
        "local t = redis.call('TIME') return string.format('%.0f', t[1] * 1000.0 + math.floor(t[2] / 1000))";
      const now = Number(text(await run(send, script)));
      expect(Math.abs(now - Date.now())).toBeLessThan(60_000);
      expect(text(await run(send, "return string.format('%.0f', tonumber(ARGV[1]) + 1)", "9007199254740990"))).toBe(
        "9007199254740991",
      );
    },
  ],
  [
    "call ends a script that was refused, with the word in front; pcall does not",
    async (send) => {
      await send("RPUSH", "a", "1");
      await expect(run(send, "return redis.call('HGET', KEYS[1], 'f')")).rejects.toThrow(/^WRONGTYPE/);
      expect(await run(send, "return type(redis.pcall('HGET', KEYS[1], 'f').err) == 'string'")).toBe(1);
      await expect(run(send, "return redis.call('FROB')")).rejects.toThrow(/^ERR/);
    },
  ],
  [
    "what a script did before it was refused stays done",
    async (send) => {
      await expect(run(send, "redis.call('SET', KEYS[1], '1') redis.call('HGET', KEYS[1], 'f')")).rejects.toThrow(
        /^WRONGTYPE/,
      );
      expect(text(await send("GET", "a"))).toBe("1");
    },
  ],
  [
    "a script makes no globals, and finds none that are not there",
    async (send) => {
      await expect(run(send, "x = 1")).rejects.toThrow(/^ERR/);
      await expect(run(send, "return x")).rejects.toThrow(/nonexistent global variable/);
    },
  ],
  [
    "a script that is none is refused",
    (send) => expect(run(send, "return (")).rejects.toThrow(/^ERR Error compiling script/),
  ],
  [
    "more keys than words are refused",
    (send) => expect(send("EVAL", "return 1", "2", "a")).rejects.toThrow(/^ERR Number of keys/),
  ],
  [
    "a full server refuses a script's first change if it needs memory, and no later one",
    async (send) => {
      await send("SET", "b", "1");
      await send("CONFIG", "SET", "maxmemory", "1");
      await expect(send("SET", "a", "1")).rejects.toThrow(/^OOM/);
      await expect(run(send, "return redis.call('SET', KEYS[1], '1')")).rejects.toThrow(/^OOM/);
      expect(text(await run(send, "redis.call('PERSIST', 'b') redis.call('SET', KEYS[1], '1') return 'done'"))).toBe(
        "done",
      );
      expect(await send("DEL", "a", "b")).toBe(2);
      await send("CONFIG", "SET", "maxmemory", "0");
    },
  ],
  [
    "a replica answers, and refuses changes, in scripts too",
    async (send) => {
      await send("SET", "a", "1");
      await send("REPLICAOF", "127.0.0.1", "1");
      await expect(send("SET", "a", "2")).rejects.toThrow(/^READONLY/);
      await expect(run(send, "return redis.call('SET', KEYS[1], '2')")).rejects.toThrow(/^READONLY/);
      expect(text(await run(send, "return redis.call('GET', KEYS[1])"))).toBe("1");
      await send("REPLICAOF", "NO", "ONE");
    },
  ],
];
