import { describe, expect, it } from "vitest";
import { checkBucket, type S3Bucket } from "../src/index.ts";
import { clients, startServer } from "./server.ts";

const server = await startServer();

/** A server that takes every condition and heeds none, as some do. */
function careless(bucket: S3Bucket): S3Bucket {
  return {
    ...bucket,
    putObject: (key, bytes, { signal }) => bucket.putObject(key, bytes, { signal }),
    completeMultipartUpload: (upload, parts, { signal }) => bucket.completeMultipartUpload(upload, parts, { signal }),
    deleteObject: (key, { signal }) => bucket.deleteObject(key, { signal }),
    getObject: (key, { signal }) => bucket.getObject(key, { signal }),
  };
}

/** A server that compares first and deletes then, as Ceph does. */
function hesitant(bucket: S3Bucket): S3Bucket {
  return {
    ...bucket,
    async deleteObject(key, { ifMatch, signal }) {
      const { body } = await bucket.getObject(key, { ifMatch, signal });
      await body.return();
      if (ifMatch !== undefined) await new Promise((resolve) => setTimeout(resolve, 50));
      await bucket.deleteObject(key, { signal });
    },
  };
}

for (const [client, bucketOf] of Object.entries(clients)) {
  describe(`checkBucket through ${client}`, () => {
    const bucket = bucketOf(server);

    it("finds a server sound that keeps its word, and leaves nothing in it", async () => {
      expect(await checkBucket(bucket)).toEqual({
        sound: true,
        putIfAbsent: true,
        oneWinner: true,
        completeIfAbsent: true,
        deleteIfMatch: true,
        deleteRace: true,
        getIfMatch: true,
        ranges: true,
        consistent: true,
      });
      expect([server.keys(), server.uploads()]).toEqual([[], 0]);
    });

    it("says what a server does not keep", async () => {
      expect(await checkBucket(careless(bucket))).toEqual({
        sound: false,
        putIfAbsent: false,
        oneWinner: false,
        completeIfAbsent: false,
        deleteIfMatch: false,
        deleteRace: false,
        getIfMatch: false,
        ranges: false,
        consistent: true,
      });
      expect([server.keys(), server.uploads()]).toEqual([[], 0]);
    });

    it("finds a delete that takes what was put beside it", async () => {
      const report = await checkBucket(hesitant(bucket));
      expect(report).toMatchObject({ sound: false, deleteIfMatch: true, deleteRace: false, putIfAbsent: true });
    });

    it("is no report when the bucket cannot be reached", async () => {
      const gone = checkBucket(bucketOf({ ...server, bucket: "gone" }));
      await expect(gone).rejects.toMatchObject({ code: "ERR_CACHE_STORE", cause: { code: "NoSuchBucket" } });
    });
  });
}
