import { failingStoreCases } from "@cache/conformance";
import { startServer } from "@cache/redis-server";
import { afterAll, describe, it } from "vitest";
import { redisStore } from "../src/index.ts";
import { CLIENTS } from "./clients.ts";

for (const [name, connect] of CLIENTS) {
  describe(`a store in a Redis that was killed says so, through ${name}`, async () => {
    const server = await startServer();
    const { client, close } = await connect(server);
    await server.kill();
    afterAll(async () => {
      close();
      await server.stop();
    });
    const open = async () => redisStore(client, { timeout: "300ms" });
    for (const each of failingStoreCases) it(each.name, () => each.run({ open }));
  });
}
