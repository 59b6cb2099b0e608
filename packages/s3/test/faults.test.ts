import { beforeEach, describe, expect, it } from "vitest";
import { s3Store } from "../src/index.ts";
import { bytes, draftOf, listed, MIB, name, same } from "./samples.ts";
import { clients, startServer } from "./server.ts";

const server = await startServer();
let next = 0;

beforeEach(() => server.interfere());

for (const [client, bucketOf] of Object.entries(clients)) {
  describe(`a store through ${client}`, () => {
    const bucket = bucketOf(server);
    const prefix = `${client.at(-1)}/`;
    const store = s3Store(bucket, { prefix });

    it("loses nothing to a server that throttles two of three requests for anything", async () => {
      const asked = new Map<string, number>();
      server.interfere(({ operation, key }) => {
        const count = (asked.get(operation + key) ?? 0) + 1;
        asked.set(operation + key, count);
        return count % 3 === 0 ? undefined : { code: "SlowDown" };
      });
      const names = Array.from({ length: 20 }, () => name(++next));
      await Promise.all(names.map((at, seed) => store.put(at, bytes(1000, seed))));
      const read = await Promise.all(names.map((at) => store.get(at)));
      read.forEach((value, seed) => void expect(same(value, bytes(1000, seed))).toBe(true));
      expect(await listed(store)).toEqual(expect.arrayContaining(names));
    });

    it("gives up on a server that throttles all the time, and says so", async () => {
      server.interfere(() => ({ code: "SlowDown" }));
      const failed = { code: "ERR_CACHE_STORE", message: expect.stringContaining("(SlowDown)") };
      await expect(store.get(name(1))).rejects.toMatchObject(failed);
      await expect(store.put(name(1), bytes(1))).rejects.toMatchObject(failed);
    });

    it("does not take for absent what a server without an answer might have", async () => {
      server.interfere(() => ({ silent: true }));
      const hasty = s3Store(bucket, { prefix, timeout: 300 });
      for (const call of [
        () => hasty.get(name(1)),
        () => hasty.stat(name(1)),
        () => hasty.put(name(1), bytes(1)),
        () => hasty.delete(name(1)),
        () => listed(hasty),
      ]) {
        await expect(call()).rejects.toMatchObject({ code: "ERR_CACHE_STORE", cause: { name: "TimeoutError" } });
      }
    });

    it("says that it wrote when the answer to its put was lost, and only then", async () => {
      let lost = 0;
      server.interfere(({ operation }) => (operation === "PutObject" && lost++ === 0 ? { cut: "done" } : undefined));
      const at = name(++next);
      expect(await store.put(at, bytes(10, 1), { ifAbsent: true })).toEqual({ written: true });
      expect(lost).toBe(2);
      lost = 0;
      expect(await store.put(at, bytes(10, 2), { ifAbsent: true })).toEqual({ written: false });
      expect(await store.get(at)).toEqual(bytes(10, 1));
    });

    it("says that it wrote when the answer to the end of an upload was lost", async () => {
      let lost = 0;
      server.interfere(({ operation }) =>
        operation === "CompleteMultipartUpload" && lost++ === 0 ? { cut: "done" } : undefined,
      );
      const [at, content] = [name(++next), bytes(9 * MIB)];
      expect(await store.put(at, content, { ifAbsent: true })).toEqual({ written: true });
      expect(same(await store.get(at), content)).toBe(true);
      expect(server.uploads()).toBe(0);
    });

    it("tries a conflict again, of a put, of an upload and of a delete", async () => {
      const conflicts = new Set<string>();
      server.interfere(({ operation }) => {
        if (!/^(PutObject|CompleteMultipartUpload|DeleteObject)$/.test(operation) || conflicts.has(operation)) return;
        conflicts.add(operation);
        return { code: "ConditionalRequestConflict" };
      });
      const [small, large] = [name(++next), name(++next)];
      expect(await store.put(small, bytes(10), { ifAbsent: true })).toEqual({ written: true });
      expect(await store.put(large, bytes(9 * MIB), { ifAbsent: true })).toEqual({ written: true });
      await store.delete(small, { ifVersion: (await store.stat(small))?.version });
      expect(await store.stat(small)).toBeUndefined();
      expect((await store.stat(large))?.size).toBe(9 * MIB);
      expect([conflicts.size, server.uploads()]).toEqual([3, 0]);
    });

    it("reads on where a body broke, of the same version", async () => {
      const [at, content] = [name(++next), bytes(3 * MIB)];
      await store.put(at, content);
      server.interfere(({ operation }) => (operation === "GetObject" ? { cutAt: 900_000 } : undefined));
      expect(same(await store.get(at), content)).toBe(true);
    });

    it("reads on where a body stalled", async () => {
      const [at, content] = [name(++next), bytes(2 * MIB)];
      await store.put(at, content);
      server.interfere(({ operation }) => (operation === "GetObject" ? { stallAt: 900_000 } : undefined));
      const hasty = s3Store(bucket, { prefix, timeout: 300 });
      expect(same(await hasty.get(at), content)).toBe(true);
    });

    it("gives up on a body that always breaks at once", async () => {
      const at = name(++next);
      await store.put(at, bytes(MIB));
      for (const fault of [{ cutAt: 10 }, { stallAt: 10 }]) {
        server.interfere(({ operation }) => (operation === "GetObject" ? fault : undefined));
        const hasty = s3Store(bucket, { prefix, timeout: 300 });
        await expect(hasty.get(at)).rejects.toMatchObject({ code: "ERR_CACHE_STORE" });
      }
    });

    it("never reads on in another version", async () => {
      const at = name(++next);
      await store.put(at, bytes(3 * MIB, 1));
      let count = 0;
      server.interfere(({ operation }) =>
        operation === "GetObject" && count++ === 0 ? { cutAt: 900_000 } : undefined,
      );
      const content = (await store.open(at)) as AsyncIterable<Uint8Array>;
      const iterator = content[Symbol.asyncIterator]();
      await iterator.next();
      await store.put(at, bytes(3 * MIB, 2));
      const rest = (async () => {
        while ((await iterator.next()).done !== true);
      })();
      await expect(rest).rejects.toMatchObject({ code: "ERR_CACHE_STORE", cause: { code: "PreconditionFailed" } });
    });

    it.each(["CreateMultipartUpload", "UploadPart", "UploadPartCopy", "CompleteMultipartUpload"])(
      "leaves nothing of a stream whose %s is refused",
      async (operation) => {
        const before = [...server.keys()];
        server.interfere((request) => (request.operation === operation ? { code: "AccessDenied" } : undefined));
        const put = store.putStream(draftOf(name(++next), bytes(20 * MIB)));
        await expect(put).rejects.toMatchObject({ code: "ERR_CACHE_STORE", cause: { code: "AccessDenied" } });
        expect([server.keys(), server.uploads()]).toEqual([before, 0]);
      },
    );

    it("leaves nothing of a stream that was aborted between its parts", async () => {
      const before = [...server.keys()];
      const controller = new AbortController();
      const reason = new Error("enough");
      server.interfere(({ operation }) => {
        if (operation === "UploadPart") controller.abort(reason);
        return undefined;
      });
      const put = store.putStream(draftOf(name(++next), bytes(20 * MIB)), { signal: controller.signal });
      await expect(put).rejects.toBe(reason);
      expect([server.keys(), server.uploads()]).toEqual([before, 0]);
    });

    it("loses nothing it acknowledged when the server is killed and comes back", async () => {
      const kept = new Map<number, number>();
      const failures: unknown[] = [];
      const put = async (n: number) => {
        try {
          await store.put(name(n), bytes(2000, n));
          kept.set(n, n);
        } catch (error) {
          failures.push(error);
        }
      };
      const numbers = Array.from({ length: 80 }, () => ++next);
      const writing = Promise.all(numbers.slice(0, 40).map(put));
      await server.kill();
      await writing;
      await server.restart();
      await Promise.all(numbers.slice(40).map(put));
      expect(kept.size).toBeGreaterThanOrEqual(40);
      for (const error of failures) expect(error).toMatchObject({ code: "ERR_CACHE_STORE" });
      for (const n of kept.keys()) expect(same(await store.get(name(n)), bytes(2000, n))).toBe(true);
      // What was not acknowledged is there whole, or not at all.
      for (const n of numbers) {
        const value = await store.get(name(n));
        expect(value === undefined || same(value, bytes(2000, n))).toBe(true);
      }
    });
  });
}
