import { expect } from "vitest";

/** Sends one command; strings come back as bytes, a refusal rejects. */
export type Send = (...words: (string | Buffer)[]) => Promise<unknown>;

/** What tests rely on of a server, as a sentence and the proof. */
export type Claim = readonly [sentence: string, holds: (send: Send) => Promise<void>];

const text = (answer: unknown) => (answer instanceof Uint8Array ? Buffer.from(answer).toString() : answer);
const texts = (answer: unknown) => (answer as unknown[]).map(text);
const BINARY = Buffer.from(Array.from({ length: 256 }, (_, at) => at));

async function refused(answer: Promise<unknown>, words: RegExp): Promise<void> {
  await expect(answer).rejects.toThrow(words);
}

const strings: readonly Claim[] = [
  [
    "a string keeps every byte",
    async (send) => {
      await send("SET", "a", BINARY);
      expect(await send("GET", "a")).toEqual(BINARY);
      expect(await send("STRLEN", "a")).toBe(256);
    },
  ],
  [
    "SET NX leaves what is there, and answers nothing",
    async (send) => {
      expect(text(await send("SET", "a", "1", "NX", "PX", "5000"))).toBe("OK");
      expect(await send("SET", "a", "2", "NX")).toBeNull();
      expect(text(await send("GET", "a"))).toBe("1");
      expect(Number(await send("PTTL", "a"))).toBeGreaterThan(0);
    },
  ],
  [
    "SET without NX ends a time to live",
    async (send) => {
      await send("SET", "a", "1", "PX", "5000");
      await send("SET", "a", "1");
      expect(await send("PTTL", "a")).toBe(-1);
    },
  ],
  [
    "SET with no time to live at all is refused",
    (send) => refused(send("SET", "a", "1", "PX", "0"), /^ERR invalid expire time/),
  ],
];

const hashes: readonly Claim[] = [
  [
    "fields keep every byte, and the last one that goes takes the key along",
    async (send) => {
      expect(await send("HSET", "h", BINARY, BINARY, "f", "1")).toBe(2);
      expect(await send("HSET", "h", "f", "22", "g", "")).toBe(1);
      expect(await send("HMGET", "h", BINARY, "none", "f")).toEqual([BINARY, null, Buffer.from("22")]);
      expect([await send("HLEN", "h"), await send("HSTRLEN", "h", "f"), await send("HSTRLEN", "h", "none")]).toEqual([
        3, 2, 0,
      ]);
      expect([await send("HEXISTS", "h", "g"), await send("HEXISTS", "h", "none")]).toEqual([1, 0]);
      expect(await send("HDEL", "h", BINARY, "f", "g", "none")).toBe(3);
      expect(await send("EXISTS", "h")).toBe(0);
    },
  ],
  [
    "changing a field leaves the time to live as it is",
    async (send) => {
      await send("HSET", "h", "f", "1");
      await send("PEXPIRE", "h", "5000");
      await send("HSET", "h", "g", "1");
      await send("HDEL", "h", "f");
      expect(Number(await send("PTTL", "h"))).toBeGreaterThan(0);
    },
  ],
  [
    "an odd number of words for HSET is refused",
    (send) => refused(send("HSET", "h", "f", "1", "g"), /^ERR wrong number of arguments for 'hset'/),
  ],
  [
    "a command for another type is refused",
    async (send) => {
      await send("RPUSH", "l", "1");
      for (const words of [
        ["HGET", "l", "f"],
        ["HSET", "l", "f", "1"],
        ["GET", "l"],
        ["HLEN", "l"],
      ])
        await refused(send(...words), /^WRONGTYPE/);
      expect(text(await send("TYPE", "l"))).toBe("list");
    },
  ],
];

const keys: readonly Claim[] = [
  [
    "a time that is over ends a key at once",
    async (send) => {
      await send("SET", "a", "1");
      expect(await send("PEXPIREAT", "a", "1000")).toBe(1);
      expect([await send("EXISTS", "a"), await send("PTTL", "a"), await send("PEXPIRE", "a", "1")]).toEqual([0, -2, 0]);
    },
  ],
  [
    "PERSIST says whether there was an end",
    async (send) => {
      await send("SET", "a", "1", "PX", "5000");
      expect([await send("PERSIST", "a"), await send("PERSIST", "a"), await send("PTTL", "a")]).toEqual([1, 0, -1]);
    },
  ],
  [
    "RENAME takes the time to live along, over what is there, and wants something to rename",
    async (send) => {
      await send("SET", "a", "1", "PX", "5000");
      await send("SET", "b", "2");
      await send("RENAME", "a", "b");
      expect(text(await send("GET", "b"))).toBe("1");
      expect(Number(await send("PTTL", "b"))).toBeGreaterThan(0);
      await refused(send("RENAME", "a", "b"), /^ERR no such key/);
    },
  ],
  [
    "UNLINK says how many were there",
    async (send) => {
      await send("SET", "a", "1");
      expect(await send("UNLINK", "a", "b")).toBe(1);
    },
  ],
  [
    "SCAN comes to every key that matches a pattern",
    async (send) => {
      for (let at = 0; at < 300; at++) await send("SET", `k*{${at}}`, "1");
      await send("SET", "kx{1}", "1");
      const found = new Set<unknown>();
      let cursor: unknown = "0";
      do {
        const [next, page] = (await send("SCAN", String(cursor), "MATCH", "k\\*{*}", "COUNT", "100")) as [
          unknown,
          unknown,
        ];
        for (const key of texts(page)) found.add(key);
        cursor = text(next);
      } while (cursor !== "0");
      expect(found.size).toBe(300);
      expect(found.has("kx{1}")).toBe(false);
    },
  ],
  ["what is no number is refused", (send) => refused(send("PEXPIRE", "a", "soon"), /^ERR value is not an integer/)],
  ["what is no command is refused", (send) => refused(send("FROB", "a"), /^ERR unknown command/)],
];

export const dataClaims: readonly Claim[] = [...strings, ...hashes, ...keys];
