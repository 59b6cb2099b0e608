import { beforeEach, describe, expect, it } from "vitest";
import { s3Store } from "../src/index.ts";
import { bytes, name } from "./samples.ts";
import { clients, startServer } from "./server.ts";

const server = await startServer();

beforeEach(() => server.interfere());

for (const [client, bucketOf] of Object.entries(clients)) {
  describe(`quarantine through ${client}`, () => {
    const prefix = `${client.at(-1)}/`;
    const store = s3Store(bucketOf(server), { prefix });
    const aside = () => server.keys().filter((key) => key.startsWith(`${prefix}quarantine/`));

    it("sets a version aside under a key of its own", async () => {
      for (const seed of [1, 2]) {
        await store.put(name(1), bytes(50, seed));
        await store.delete(name(1), { quarantine: true, ifVersion: (await store.stat(name(1)))?.version });
        expect(await store.get(name(1))).toBeUndefined();
      }
      expect(aside()).toHaveLength(2);
      for (const key of aside()) expect(key).toMatch(/quarantine\/blobs\/[0-9a-f]{64}-[0-9a-f]{32}$/);
    });

    it("deletes what may not be copied", async () => {
      const before = aside().length;
      await store.put(name(2), bytes(50));
      server.interfere(({ operation }) => (operation === "CopyObject" ? { code: "AccessDenied" } : undefined));
      await store.delete(name(2), { quarantine: true });
      expect(await store.get(name(2))).toBeUndefined();
      expect(aside()).toHaveLength(before);
    });

    it("deletes nothing when the copy failed for another reason", async () => {
      await store.put(name(3), bytes(50));
      server.interfere(({ operation }) => (operation === "CopyObject" ? { code: "InternalError" } : undefined));
      const deleting = store.delete(name(3), { quarantine: true });
      await expect(deleting).rejects.toMatchObject({ code: "ERR_CACHE_STORE", cause: { code: "InternalError" } });
      expect(await store.get(name(3))).toEqual(bytes(50));
    });
  });
}
