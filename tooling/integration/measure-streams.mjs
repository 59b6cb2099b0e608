// Prints how much resident memory a long stream costs on its way in and out: node measure-streams.mjs [MiB] [--limit MiB]
// Runs on the built packages. Ends with 1 when any phase rises above the limit.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileStore } from "@cache/cas";
import { createCache } from "@cache/core";
import { Keyring, MasterKey } from "@cache/core/keyring";
import { sealer } from "@cache/crypto-envelope";

const MIB = 1_048_576;
const sizeMiB = Number(process.argv[2] ?? 1024);
const limitMiB = 64;
/** It never aborts, and lives as long as everything: nothing that was read may hang on it. */
const { signal } = new AbortController();

async function* content() {
  for (let block = 0; block < sizeMiB; block++) {
    const bytes = new Uint8Array(MIB);
    // Different blocks, so that nothing on the way can take one for another.
    new DataView(bytes.buffer).setUint32(0, block);
    yield bytes;
  }
}

/**
 * Runs a phase and samples resident memory all the while.
 * @template T
 * @param {string} name
 * @param {(sample: () => void) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function phase(name, work) {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let most = before;
  const sample = () => {
    most = Math.max(most, process.memoryUsage.rss());
  };
  const began = performance.now();
  const result = await work(sample);
  sample();
  const seconds = (performance.now() - began) / 1000;
  const risen = (most - before) / MIB;
  const verdict = risen <= limitMiB ? "ok" : "TOO MUCH";
  console.log(
    `${name.padEnd(12)} ${sizeMiB} MiB  +${risen.toFixed(1)} MiB resident  ${(sizeMiB / seconds).toFixed(0)} MiB/s  ${verdict}`,
  );
  if (risen > limitMiB) process.exitCode = 1;
  return result;
}

/**
 * @param {AsyncIterable<Uint8Array>} pieces
 * @param {() => void} sample
 */
async function* sampled(pieces, sample) {
  for await (const piece of pieces) {
    sample();
    yield piece;
  }
}

const folder = mkdtempSync(join(tmpdir(), "cache-streams-"));
try {
  const caches = { plain: {}, sealed: { seal: sealer(Keyring.of(MasterKey.generate())) } };
  for (const [name, slots] of Object.entries(caches)) {
    const { blobs } = createCache({ store: fileStore(join(folder, name)), ...slots });
    const digest = await phase(`${name} put`, (sample) => blobs.put(sampled(content(), sample), { signal }));
    const length = await phase(`${name} open`, async (sample) => {
      let read = 0;
      const pieces = await blobs.open(digest, { signal });
      if (pieces === undefined) throw new Error(`${name}: nothing came back`);
      for await (const piece of sampled(pieces, sample)) read += piece.byteLength;
      return read;
    });
    if (length !== sizeMiB * MIB) throw new Error(`${name}: ${length} bytes came back`);
    await blobs.delete(digest);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(
  process.exitCode ? `memory: rose by more than ${limitMiB} MiB` : `memory: never rose by more than ${limitMiB} MiB`,
);
