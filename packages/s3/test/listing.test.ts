import { describe, expect, it } from "vitest";
import { s3Store, sweepTemporary } from "../src/index.ts";
import { bytes, draftOf, MIB, name } from "./samples.ts";
import { clients, startServer } from "./server.ts";

for (const [client, bucketOf] of Object.entries(clients)) {
  describe(`a listing through ${client}`, async () => {
    const server = await startServer();
    const bucket = bucketOf(server);
    const store = s3Store(bucket);
    const COUNT = 100_000;

    it("gives a hundred thousand names once each, page by page, and no key of others", async () => {
      server.fill(COUNT, (index) => `cache/v1/${name(index)}`);
      const foreign = [
        "",
        "blobs",
        "blobs/",
        "é\uffff/\u{1f600}",
        "blobs/<&\u0001 +%2F>",
        `${name(7)}/x`,
        `BLOBS/${"0".repeat(64)}`,
      ];
      server.fill(foreign.length, (index) => `cache/v1/${foreign[index]}`);
      let before = "";
      let count = 0;
      for await (const row of store.list("blobs")) {
        if (row.name <= before || row.size !== 4) expect.unreachable();
        before = row.name;
        count++;
      }
      expect(count).toBe(COUNT);
      const pages = server.requests.filter((operation) => operation === "ListObjectsV2").length;
      expect(pages).toBeLessThanOrEqual(COUNT / 1000 + 2);
    });

    it("asks for a page only when the one before was used up", async () => {
      const asked = server.requests.length;
      let count = 0;
      for await (const _ of store.list("blobs")) if (++count === 1500) break;
      expect(server.requests.length - asked).toBe(2);
    });
  });

  describe(`sweepTemporary through ${client}`, async () => {
    const server = await startServer();
    const bucket = bucketOf(server);
    const store = s3Store(bucket);

    it("removes what killed streams left, and nothing else", async () => {
      await store.put(name(1), bytes(10));
      const signal = new AbortController().signal;
      const upload = await bucket.createMultipartUpload(`cache/tmp/${"0".repeat(32)}`, { signal });
      await bucket.uploadPart(upload, 1, bytes(MIB), { signal });
      await bucket.createMultipartUpload(`cache/v1/${name(2)}`, { signal });
      await bucket.createMultipartUpload("others/upload", { signal });
      await bucket.createMultipartUpload("cache/other-app/video.mp4", { signal });
      await bucket.createMultipartUpload(`cache/b/v1/${name(2)}`, { signal });
      await bucket.putObject("cache/tmp/notes.txt", bytes(10), { signal });
      await bucket.putObject(`cache/tmp/${"1".repeat(32)}`, bytes(10), { signal });
      expect(await sweepTemporary(bucket, { olderThan: "1h" })).toEqual({ objects: 0, uploads: 0 });
      const now = () => Date.now() + 7_200_000;
      expect(await sweepTemporary(bucket, { olderThan: "1h", now })).toEqual({ objects: 1, uploads: 2 });
      expect([server.keys(), server.uploads()]).toEqual([["cache/tmp/notes.txt", `cache/v1/${name(1)}`], 3]);
    });

    it("goes past the first page of uploads", async () => {
      const signal = new AbortController().signal;
      const keys = Array.from({ length: 1003 }, (_, n) => `cache/tmp/${n.toString(16).padStart(32, "0")}`);
      for (let at = 0; at < keys.length; at += 50) {
        const some = keys.slice(at, at + 50);
        await Promise.all(some.map((key) => bucket.createMultipartUpload(key, { signal })));
      }
      const now = () => Date.now() + 7_200_000;
      expect(await sweepTemporary(bucket, { olderThan: "1h", now })).toMatchObject({ uploads: 1003 });
    });

    it("a stream under way is younger, and arrives", async () => {
      const content = bytes(20 * MIB);
      const draft = draftOf(name(3), content);
      async function* body() {
        for await (const piece of draft.body) {
          yield piece;
          expect(await sweepTemporary(bucket, { olderThan: "1h" })).toEqual({ objects: 0, uploads: 0 });
        }
      }
      await store.putStream({ ...draft, body: body() });
      expect((await store.stat(name(3)))?.size).toBe(content.length);
    });
  });
}
