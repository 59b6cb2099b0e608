import { storeCases } from "@cache/conformance";
import { startServer } from "@cache/redis-server";
import { afterAll, describe, it } from "vitest";
import { redisStore } from "../src/index.ts";
import { CLIENTS } from "./clients.ts";

const server = await startServer();
afterAll(() => server.stop());

/** Pieces as they are by themselves, and so short that most values have many. */
const CHUNKS = ["256KiB", "8KiB"];

for (const [at, [name, connect]] of CLIENTS.entries()) {
  const chunkSize = CHUNKS[at] ?? "8KiB";
  describe(`a store in Redis keeps the contract of the port, through ${name}, in pieces of ${chunkSize}`, async () => {
    const { client } = await connect(server);
    const open = async () => redisStore(client, { chunkSize });
    for (const each of storeCases) it(each.name, () => each.run({ open, reopen: open, persistent: true }));
  });
}
