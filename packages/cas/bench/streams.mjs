/**
 * Streams through the file store beside SHA-256 alone over the same bytes, and the memory they take. The hash runs where
 * a cache has it: over each piece on its way in and on its way out. Build first, then:
 * node bench/streams.mjs [MiB] [directory]
 */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileStore } from "../dist/index.js";

const MIB = 1_048_576;
const length = Number(process.argv[2] ?? 256);
const directory = mkdtempSync(join(process.argv[3] ?? tmpdir(), "cas-bench-"));
const store = fileStore(directory);
const name = `blobs/${"5a".repeat(32)}`;
const piece = new Uint8Array(MIB).fill(90);
const median = (times) => times.sort((a, b) => a - b)[times.length >> 1];

function hashAlone() {
  const hash = createHash("sha256");
  for (let at = 0; at < length; at++) hash.update(piece);
  hash.digest();
}

async function* hashed(size) {
  const hash = createHash("sha256");
  for (let at = 0; at < length * MIB; at += size) {
    const part = piece.subarray(0, size);
    hash.update(part);
    yield part;
  }
  hash.digest();
}

const put = (size) => () =>
  store.putStream({ headLength: 0, body: hashed(size), finish: () => ({ name, head: new Uint8Array(0) }) });

async function open() {
  const hash = createHash("sha256");
  for await (const block of await store.open(name)) hash.update(block);
  hash.digest();
}

async function time(work) {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 5);
  const begun = performance.now();
  await work();
  clearInterval(watch);
  return { took: performance.now() - begun, memory: (Math.max(peak, process.memoryUsage.rss()) - before) / MIB };
}

const works = { "SHA-256 alone": hashAlone, "put, 1 MiB pieces": put(MIB), "put, 64 KiB pieces": put(65_536), open };
const results = Object.fromEntries(Object.keys(works).map((title) => [title, []]));
for (let round = 0; round < 5; round++) {
  for (const [title, work] of Object.entries(works)) results[title].push(await time(work));
}
const least = median(results["SHA-256 alone"].map(({ took }) => took));
for (const [title, runs] of Object.entries(results)) {
  const took = median(runs.map((run) => run.took));
  const memory = Math.max(...runs.map((run) => run.memory));
  console.log(
    `${title.padEnd(20)} ${took.toFixed(0).padStart(6)} ms  ratio ${(took / least).toFixed(2)}  +${memory.toFixed(0)} MiB`,
  );
}
rmSync(directory, { recursive: true, force: true });
