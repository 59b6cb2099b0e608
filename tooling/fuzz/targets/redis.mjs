import { isCacheError } from "@cache/core";
import { utf8 } from "@cache/core/bytes";
import { promise } from "../promises.mjs";
import { internal } from "../target.mjs";

/** @typedef {import("../target.mjs").Target} Target */

/** @type {typeof import("../../../packages/redis/src/known.ts")} */
const { parseKnown } = await internal("redis/known");

const HEADS = [
  `${"0a".repeat(16)} 1800000000000 5 1 0`,
  `${"0a".repeat(16)} 1800000000000 3000000 1 1048576`,
  `${"0a".repeat(16)} 9999999999999999 5 1 0`,
];

/** @type {Target} */
const head = {
  name: "redis-head",
  covers: ["parseKnown"],
  seeds: () => HEADS.map((text) => utf8(text)),
  run(bytes) {
    let known;
    try {
      known = parseKnown("reading a value", Buffer.from(bytes));
    } catch (error) {
      promise(isCacheError(error, "ERR_CACHE_STORE"), "what no store wrote is a failure of the store");
      return;
    }
    promise(Number.isSafeInteger(known.size) && Number.isSafeInteger(known.modified), "sizes and times can be counted");
    promise(known.chunk > 0 || known.size <= 67_108_864, "what is in one piece is no longer than a piece may be");
  },
};

/** @type {readonly Target[]} */
export const redisTargets = [head];
