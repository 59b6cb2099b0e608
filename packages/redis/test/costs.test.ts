import type { Store } from "@cache/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type RedisClient, redisStore } from "../src/index.ts";
import { type Bench, nameOf, openBench, sample } from "./bench.ts";

const NAME = nameOf("blobs");
const KIB = 1024;
let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.stop());

/** A client that counts commands and the bytes of their words. */
function counting(client: RedisClient) {
  const counted = { commands: 0, sent: 0 };
  const send: RedisClient["send"] = (command, key) => {
    counted.commands++;
    for (const word of command) counted.sent += Buffer.byteLength(word);
    return client.send(command, key);
  };
  return { counted, client: { send } };
}

async function drained(pieces: AsyncIterable<Uint8Array> | undefined): Promise<void> {
  for await (const _ of pieces ?? []);
}

async function listed(store: Store): Promise<void> {
  for await (const _ of store.list("blobs"));
}

async function* bodyOf(length: number) {
  for (let at = 0; at < length; at += 50_000) yield sample(Math.min(50_000, length - at));
}

const draft = (length: number) => ({
  headLength: 0,
  body: bodyOf(length),
  finish: () => ({ name: NAME, head: new Uint8Array() }),
});

const CALLS: readonly (readonly [string, (store: Store, length: number) => Promise<unknown>])[] = [
  ["get what is not there", (store) => store.get(NAME)],
  ["put, first writer wins", (store, length) => store.put(NAME, sample(length), { ifAbsent: true })],
  ["put what is there, first writer wins", (store, length) => store.put(NAME, sample(length), { ifAbsent: true })],
  ["put", (store, length) => store.put(NAME, sample(length))],
  ["get", (store) => store.get(NAME)],
  ["get with a limit that is too low", (store) => store.get(NAME, { limit: 10 }).catch(() => undefined)],
  ["open", async (store) => drained(await store.open(NAME))],
  ["open, the last byte", async (store, length) => drained(await store.open(NAME, { start: length - 1 }))],
  ["stat", (store) => store.stat(NAME)],
  ["list", (store) => listed(store)],
  ["delete", (store) => store.delete(NAME)],
  ["put a stream", (store, length) => store.putStream(draft(length))],
  ["delete into quarantine", (store) => store.delete(NAME, { quarantine: true })],
];

it("what each call costs is what is written down", async () => {
  const lines: string[] = [];
  for (const length of [KIB, 64 * KIB, 1024 * KIB]) {
    // Scripts are known after the first time; what that costs is not counted.
    for (const counts of [false, true]) {
      await bench.other.flushall();
      const { counted, client } = counting(bench.client);
      for (const [words, call] of CALLS) {
        Object.assign(counted, { commands: 0, sent: 0 });
        await call(redisStore(client), length);
        const { commands, sent } = counted;
        if (counts) lines.push(`${words}, ${length / KIB} KiB: ${commands} commands, ${kib(sent)} KiB sent`);
      }
    }
  }
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("costs.txt");
});

const kib = (bytes: number) => Math.ceil(bytes / KIB);
