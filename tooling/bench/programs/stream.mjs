// SUBJECT DIRECTORY BYTES: one stream in and out, in a process of its own; prints nanoseconds and how far memory rose above what it was.
import { createHash, randomFillSync } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileStore } from "@cache/cas";
import { createCache } from "@cache/core";
import { SLOTS } from "../subjects/kinds.mjs";

const [subject = "", directory = "", length = ""] = process.argv.slice(2);
const size = Number(length);
const block = randomFillSync(new Uint8Array(1_048_576));

async function* content() {
  for (let at = 0; at < size; at += block.byteLength) {
    new DataView(block.buffer).setFloat64(0, at);
    yield block.slice(0, Math.min(block.byteLength, size - at));
  }
}

/** @param {AsyncIterable<Uint8Array>} pieces */
async function digestOf(pieces) {
  const hash = createHash("sha256");
  for await (const piece of pieces) hash.update(piece);
  return hash.digest("hex");
}

/** @typedef {{ put(pieces: AsyncIterable<Uint8Array>): Promise<string>, get(digest: string): Promise<number> }} Streams */

/** @returns {Promise<Streams>} */
async function open() {
  if (subject === "SHA-256 alone")
    return { put: digestOf, get: async () => ((await digestOf(content())) === "" ? 0 : size) };
  if (subject === "cacache") {
    const { default: cacache } = await import("cacache");
    return {
      async put(pieces) {
        await pipeline(Readable.from(pieces), cacache.put.stream(directory, "key"));
        return "";
      },
      async get() {
        let bytes = 0;
        for await (const piece of cacache.get.stream(directory, "key")) bytes += piece.length;
        return bytes;
      },
    };
  }
  const { blobs } = createCache({ store: fileStore(directory), ...SLOTS[subject]?.() });
  return {
    put: (pieces) => blobs.put(pieces),
    async get(digest) {
      let bytes = 0;
      for await (const piece of (await blobs.open(digest)) ?? []) bytes += piece.byteLength;
      return bytes;
    },
  };
}

/** @template T @param {() => Promise<T>} work */
async function watched(work) {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 5);
  const began = performance.now();
  const result = await work();
  const time = (performance.now() - began) * 1e6;
  clearInterval(watch);
  return { result, time, memory: Math.max(most, process.memoryUsage.rss()) - before };
}

const streams = await open();
const put = await watched(() => streams.put(content()));
const get = await watched(() => streams.get(put.result));
if (get.result !== size) throw new Error("something else came back");
process.stdout.write(JSON.stringify({ put: put.time, get: get.time, putMemory: put.memory, getMemory: get.memory }));
