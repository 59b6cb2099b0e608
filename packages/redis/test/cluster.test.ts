import { storeCases } from "@cache/conformance";
import { describe, expect, it } from "vitest";
import { type RedisClient, redisStore } from "../src/index.ts";
import { type Bench, nameOf, openBench, sample } from "./bench.ts";

const SERVERS = 3;

/** What is between the first braces decides which server has a key. */
function serverOf(key: string): number {
  const tag = /\{([^}]+)\}/.exec(key)?.[1] ?? key;
  return [...tag].reduce((sum, sign) => sum + sign.charCodeAt(0), 0) % SERVERS;
}

/** Servers that divide keys among them, as seen through a client that refuses what a cluster refuses. */
function clusterOf(benches: readonly Bench[]): RedisClient {
  const at = (index: number): RedisClient => (benches[index] as Bench).client;
  return {
    async send(command, key) {
      const [name, , count, ...rest] = command.map(String);
      const keys = name?.startsWith("EVAL") === true ? rest.slice(0, Number(count)) : [key];
      const tags = new Set(keys.map((each) => /\{([^}]+)\}/.exec(each)?.[1]));
      if (tags.size > 1) throw new Error("CROSSSLOT Keys in request don't hash to the same slot");
      return at(serverOf(key)).send(command, key);
    },
    masters: async () => benches.map((_, index) => ({ send: (command) => at(index).send(command, "") })),
  };
}

/** Reading is the same as from one server; `npm run test:remote` tries everything with a real cluster. */
const CASES = storeCases.filter(({ name }) => /^(putStream|delete|list)/.test(name));

const benches = await Promise.all(Array.from({ length: SERVERS }, () => openBench()));

describe("a store in a cluster keeps the contract of the port", () => {
  const open = async () => redisStore(clusterOf(benches), { chunkSize: "8KiB" });
  for (const each of CASES) it(each.name, () => each.run({ open, reopen: open, persistent: true }));
});

it("names are spread over all servers, and each is listed once", async () => {
  const store = redisStore(clusterOf(benches));
  const names = Array.from({ length: 60 }, (_, at) => nameOf("blobs", at.toString(16).padStart(64, "0")));
  for (const name of names) await store.put(name, sample(3));
  for (const { other } of benches) expect(await other.dbsize()).toBeGreaterThan(0);
  const listed = [];
  for await (const { name } of store.list("blobs")) listed.push(name);
  expect(listed.sort()).toEqual(names);
  await Promise.all(benches.map(({ stop }) => stop()));
});
