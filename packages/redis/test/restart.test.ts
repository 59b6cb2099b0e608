import type { Name, Store } from "@cache/core";
import { type Server, startServer } from "@cache/redis-server";
import { afterEach, describe, expect, it, vi } from "vitest";
import { redisStore } from "../src/index.ts";
import { nameOf, sample } from "./bench.ts";
import { CLIENTS, type Connected } from "./clients.ts";

const nameAt = (at: number): Name => nameOf("entries", at.toString(16).padStart(64, "0"));
const bytesAt = (at: number) => sample(at % 7 === 0 ? 5000 : 200, at);
let server: Server;
let connected: Connected;
afterEach(async () => {
  connected.close();
  await server.stop();
});

/** Puts one value after the other until the server is gone. @returns which were acknowledged */
async function putUntilKilled(store: Store, killAt: number): Promise<number[]> {
  const acknowledged: number[] = [];
  for (let at = 0; ; at++) {
    const putting = store.put(nameAt(at), bytesAt(at));
    if (at === killAt)
      await Promise.all([server.kill(), putting.then(() => acknowledged.push(at)).catch(() => undefined)]);
    if (at > killAt) {
      await expect(putting).rejects.toMatchObject({ code: "ERR_CACHE_STORE" });
      return acknowledged;
    }
    await putting.catch(() => undefined);
    if (at < killAt) acknowledged.push(at);
  }
}

describe.each(CLIENTS)("a server that is killed in the middle, through %s", (_, connect) => {
  it("and keeps what it answered: nothing acknowledged is lost, nothing is torn, and the same client goes on", async () => {
    server = await startServer({ appendonly: true });
    connected = await connect(server);
    const store = redisStore(connected.client, { chunkSize: 1024, timeout: "1s" });
    const acknowledged = await putUntilKilled(store, 50);
    await server.restart();
    await vi.waitFor(() => store.stat(nameAt(0)), { timeout: 20_000 });
    for (const at of acknowledged) expect(await store.get(nameAt(at))).toEqual(bytesAt(at));
    for (const at of [50, 51]) expect([undefined, bytesAt(at)]).toContainEqual(await store.get(nameAt(at)));
    expect(await store.put(nameAt(60), bytesAt(60))).toEqual({ written: true });
    expect(await store.get(nameAt(60))).toEqual(bytesAt(60));
  });

  it("and keeps nothing: what was there is absent, and scripts are sent again", async () => {
    server = await startServer();
    connected = await connect(server);
    const store = redisStore(connected.client, { timeout: "1s" });
    await store.put(nameAt(1), bytesAt(1));
    await server.kill();
    await expect(store.get(nameAt(1))).rejects.toMatchObject({ code: "ERR_CACHE_STORE" });
    await server.restart();
    await vi.waitFor(async () => expect(await store.get(nameAt(1))).toBeUndefined(), { timeout: 20_000 });
    expect(await store.put(nameAt(1), bytesAt(1))).toEqual({ written: true });
    expect(await store.get(nameAt(1))).toEqual(bytesAt(1));
  });
});
