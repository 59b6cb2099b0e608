import { readFileSync } from "node:fs";
import type { Store } from "@cache/core";
import { describe, expect, it } from "vitest";
import { s3Store } from "../src/index.ts";
import { bytes, draftOf, listed, MIB, name } from "./samples.ts";
import { clients, startServer } from "./server.ts";

/** One line for each call: what it is, and the requests that it takes. A line that changes is a change of the bill. */
const EXPECTED = readFileSync(new URL("requests.txt", import.meta.url), "utf8");

const [SMALL, LARGE, STREAM] = [bytes(1000), bytes(20 * MIB), bytes(20 * MIB)];

type Call = (store: Store) => Promise<unknown>;

async function read(store: Store, start: number): Promise<void> {
  for await (const _ of (await store.open(name(2), { start, end: start + 3 * MIB })) ?? []);
}

const CALLS: readonly (readonly [string, Call])[] = [
  ["get, absent", (store) => store.get(name(1))],
  ["stat, absent", (store) => store.stat(name(1))],
  ["put 1000 bytes", (store) => store.put(name(1), SMALL)],
  ["put 1000 bytes, ifAbsent, taken", (store) => store.put(name(1), SMALL, { ifAbsent: true })],
  ["put 20 MiB", (store) => store.put(name(2), LARGE)],
  ["put 20 MiB, ifAbsent, taken", (store) => store.put(name(2), LARGE, { ifAbsent: true })],
  ["putStream 1000 bytes", (store) => store.putStream(draftOf(name(3), SMALL))],
  ["putStream 12 MiB", (store) => store.putStream(draftOf(name(4), STREAM.subarray(0, 12 * MIB)))],
  ["putStream 20 MiB", (store) => store.putStream(draftOf(name(5), STREAM))],
  ["putStream 20 MiB, ifAbsent, taken", (store) => store.putStream(draftOf(name(5), STREAM), { ifAbsent: true })],
  ["get 1000 bytes", (store) => store.get(name(1))],
  ["get 1000 bytes, with a limit", (store) => store.get(name(1), { limit: 1000 })],
  ["get 20 MiB", (store) => store.get(name(2))],
  ["open a range of 20 MiB", (store) => read(store, 5 * MIB)],
  ["open beyond the end", (store) => read(store, 50 * MIB)],
  ["stat", (store) => store.stat(name(1))],
  ["list 4 names", (store) => listed(store)],
  [
    "delete with a version",
    async (store) => store.delete(name(3), { ifVersion: (await store.stat(name(3)))?.version }),
  ],
  ["delete", (store) => store.delete(name(4))],
  ["delete, absent", (store) => store.delete(name(4))],
  ["delete to quarantine", (store) => store.delete(name(5), { quarantine: true })],
];

describe("requests of a call", () => {
  for (const [client, bucketOf] of Object.entries(clients)) {
    it(`are those that were written down, through ${client}`, async () => {
      const server = await startServer();
      const store = s3Store(bucketOf(server));
      let lines = "";
      for (const [what, call] of CALLS) {
        const before = server.requests.length;
        await call(store);
        lines += `${what}: ${counted(server.requests.slice(before))}\n`;
      }
      expect(lines).toBe(EXPECTED);
    });
  }
});

/** In the order of their names: some are under way beside each other. */
function counted(operations: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const operation of operations.toSorted()) counts.set(operation, (counts.get(operation) ?? 0) + 1);
  return [...counts].map(([operation, count]) => `${count} ${operation}`).join(", ");
}
