import { callRecords } from "@cache/calls";
import { createCache, jsonCodec } from "@cache/core";
import { fromUtf8, utf8 } from "@cache/core/bytes";
import { memoryStore } from "@cache/memory";
import { promise } from "../promises.mjs";
import { internal } from "../target.mjs";

/** @typedef {import("../target.mjs").Target} Target */

/** @type {typeof import("../../../packages/calls/src/record-key.ts")} */
const { parseRecordKey, recordKeyText } = await internal("calls/record-key");

const ID = "a".repeat(32);
const DIGEST = "d".repeat(64);

/** @param {Uint8Array} bytes */
function textOf(bytes) {
  try {
    return fromUtf8(bytes);
  } catch {
    return undefined;
  }
}

/** @type {Target} */
const key = {
  name: "call-key",
  covers: ["parseRecordKey"],
  seeds: () => ["render\n3", "count\n"].map((words) => utf8(`${ID}\n1700000000000\n${DIGEST}\n${words}`)),
  dictionary: ["\n", ID, DIGEST, "0", "9007199254740992"],
  run(bytes) {
    const text = textOf(bytes);
    const parsed = text === undefined ? undefined : parseRecordKey(text);
    promise(parsed === undefined || recordKeyText(parsed) === text, "one key has one form");
  },
};

/** A record by somebody who may write, or by anybody where nothing is signed. @type {Target} */
const record = {
  name: "call-record",
  covers: ["storedCallSchema"],
  room: (length) => 4_000_000 + 64 * length,
  seeds: () =>
    [{ result: { digest: DIGEST, size: 9 } }, { arguments: "1", tags: { by: "ci" } }].map((more) =>
      jsonCodec.encode({
        ...{ outcome: "computed", duration: 1.5, key: `f\n${DIGEST}` },
        ...{ environment: { runtime: "node 20", platform: "linux x64" }, tags: {}, ...more },
      }),
    ),
  dictionary: ["__proto__", "constructor", "host", "hit", "null", "[]", "{}", '"', "1e999", "-1", "\\ud800"],
  async run(bytes) {
    const cache = createCache({ store: memoryStore({ maxBytes: "1MB" }) });
    const records = cache.namespace("calls", { codec: { name: jsonCodec.name, encode: () => bytes, decode: () => 0 } });
    await records.set(`${ID}\n1700000000000\n${DIGEST}\nf\n`, 0);
    const calls = callRecords(cache);
    for (const call of await calls.query({ name: "f" }).toArray()) {
      const { id, name, digest, key: result, duration, environment, tags } = call;
      promise(id === ID && name === "f" && digest === DIGEST, "a record is of the call that its key says");
      promise(result === `f\n${DIGEST}` || result === `f\n${DIGEST}\nitems`, "a record names a result of its function");
      promise(Number.isFinite(duration) && typeof environment.runtime === "string", "a record has its shape");
      promise(
        Object.values(tags).every((tag) => typeof tag === "string"),
        "tags are text",
      );
      promise(JSON.stringify(await calls.find(ID)) === JSON.stringify(call), "a call is found by its id");
      await calls.result(call);
      await calls.remove([call]);
    }
  },
};

export const callTargets = [key, record];
