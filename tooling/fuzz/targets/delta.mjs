import { createCache } from "@cache/core";
import { toHex, utf8 } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import { copyInsertEngine, deltaStore } from "@cache/delta";
import { memoryStore } from "@cache/memory";
import { answer, answerLater, promise, same, textOf } from "../promises.mjs";
import { internal } from "../target.mjs";

/** @typedef {import("../target.mjs").Target} Target */

/** @type {typeof import("../../../packages/delta/src/copy-insert/instructions.ts")} */
const { InstructionReader } = await internal("delta/copy-insert/instructions");
/** @type {typeof import("../../../packages/core/src/cache/metadata.ts")} */
const { decodeMetadata, encodeMetadata } = await internal("core/cache/metadata");

const reference = utf8("the quick brown fox jumps over the lazy dog, ".repeat(8));
const SIZE = 500;
const CODES = ["ERR_CACHE_FORMAT"];
const engine = copyInsertEngine();

/** @param {Uint8Array} bytes */
async function* stream(bytes) {
  for (let at = 0; at < bytes.length; at += 100) yield bytes.subarray(at, at + 100);
}

/** @param {AsyncIterable<Uint8Array>} pieces */
async function collect(pieces) {
  /** @type {Uint8Array[]} */
  const all = [];
  for await (const piece of pieces) all.push(piece);
  return new Uint8Array(Buffer.concat(all));
}

/** @type {Target} */
const instructions = {
  name: "delta-instructions",
  covers: [],
  seeds: () => [
    Uint8Array.of(2, 65, 5, 0),
    Uint8Array.of(0x81, 7, 0, 0x82, 1, ...new Uint8Array(65), 0x81, 2, 9),
    Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 15, 0),
  ],
  run(bytes) {
    let given = 0;
    const read = answer(CODES, () => {
      const reader = new InstructionReader(reference, SIZE);
      for (const piece of reader.push(bytes)) given += piece.length;
      reader.finish();
      return true;
    });
    promise(given <= SIZE, "never more is given than the target has");
    promise(read.value === undefined || given === SIZE, "what ends well is complete");
  },
};

/** @type {Target} */
const deltas = {
  name: "delta",
  covers: [],
  // A compressor of the platform with its windows.
  room: (length) => 64_000_000 + 100 * length,
  seeds: async () => [await collect(engine.encode(reference, stream(reference))), reference, utf8("quick brown")],
  async run(bytes) {
    const { value } = await answerLater(CODES, () =>
      collect(engine.decode(reference, stream(bytes), { size: reference.length })),
    );
    promise(value === undefined || value.length === reference.length, "a delta gives the size that was asked for");
    const made = await collect(engine.encode(reference, stream(bytes)));
    const back = await collect(engine.decode(reference, stream(made), { size: bytes.length }));
    promise(same(back, bytes), "every target comes back");
  },
};

/** @type {Target} */
const records = {
  name: "delta-record",
  covers: ["openVersion", "openContent", "loadReference", "readSized", "verifyVersions"],
  room: (length) => 64_000_000 + 2_000 * length,
  seeds: async () => {
    const digest = toHex(crypto.sha256(reference));
    const whole = { format: 1, digest, size: reference.length };
    const delta = { engine: "copy-insert-1", digest, size: 5, reference: { digest, size: reference.length } };
    return [whole, { ...whole, delta }, { ...whole, format: 2 }].map((each) => utf8(JSON.stringify(each)));
  },
  dictionary: ['"digest"', '"size"', '"delta"', '"reference"', '"engine"', '"__proto__"', "null", "1e99", "-1"],
  async run(bytes) {
    const text = textOf(bytes);
    if (text === undefined) return;
    const value = answer(["SyntaxError"], () => {
      try {
        return JSON.parse(text);
      } catch {
        return undefined;
      }
    }).value;
    if (value === undefined) return;
    const cache = createCache({ store: memoryStore({ maxBytes: 10_000_000 }) });
    await cache.blobs.put(reference);
    const stored = await cache
      .namespace("deltas")
      .set("v", value)
      .then(
        () => true,
        () => false,
      );
    if (!stored) return;
    const store = deltaStore(cache);
    const codes = ["ERR_CACHE_ENGINE", "ERR_CACHE_LIMIT"];
    const found = (await answerLater(codes, () => store.get("v"))).value;
    promise(found === undefined || toHex(crypto.sha256(found)) === value.digest, "nothing but the version is given");
    const { ok } = await store.verify();
    promise(found === undefined || ok === 1, "what can be read is verified");
    await store.stats();
  },
};

/** @type {Target} */
const metadata = {
  name: "entry-metadata",
  covers: ["decodeMetadata"],
  seeds: () => [encodeMetadata("json"), encodeMetadata("json", ["ab".repeat(32), "00".repeat(32)])],
  run(bytes) {
    const read = answer(["ERR_CACHE_CODEC"], () => decodeMetadata({ metadata: bytes })).value;
    if (read === undefined) return;
    promise(same(encodeMetadata(read.codec, read.needs.map(toHex)), bytes), "one metadata has one form");
  },
};

export const deltaTargets = [instructions, deltas, records, metadata];
