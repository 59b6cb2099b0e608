import { storeCases } from "@cache/conformance";
import { startServer } from "@cache/redis-server";
import { afterAll, describe, it } from "vitest";
import { redisStore } from "../src/index.ts";
import { CLIENTS } from "./clients.ts";

const server = await startServer();
afterAll(() => server.stop());

for (const [name, connect] of CLIENTS) {
  describe(`a store in Redis keeps the contract of the port, through ${name}`, async () => {
    const { client } = await connect(server);
    const open = async () => redisStore(client);
    for (const each of storeCases) it(each.name, () => each.run({ open, reopen: open, persistent: true }));
  });
}
