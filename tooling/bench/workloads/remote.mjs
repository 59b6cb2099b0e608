import { randomFillSync } from "node:crypto";
import { Collection } from "../results.mjs";
import { alternate, timed } from "../rounds.mjs";
import { redis, s3 } from "../subjects/remote.mjs";

/** @typedef {import("../rounds.mjs").Bench} Bench */
/** @typedef {import("../rounds.mjs").Workload} Workload */

const SIZES = Object.entries({ "1 KiB": 1024, "64 KiB": 65_536, "1 MiB": 1_048_576 });

const ABOUT = "beside the same client by hand: nanoseconds, requests, and bytes on the wire both ways, for one call";

/** @type {Workload} */
export const inRedis = {
  name: "redis",
  about: `values in a real Redis on this machine, ${ABOUT}`,
  measure: (bench) => measureService("redis", bench, redis),
};

/** @type {Workload} */
export const inBuckets = {
  name: "s3",
  about: `values in an imitation of S3 in a process of its own, ${ABOUT}`,
  measure: (bench) => measureService("s3", bench, s3),
};

/** @param {string} name @param {Bench} bench @param {() => ReturnType<typeof redis>} open */
async function measureService(name, bench, open) {
  const figures = new Collection(name);
  const service = await open();
  if ("unavailable" in service) {
    console.error(`${name} is not measured: ${service.unavailable}`);
    return [];
  }
  try {
    await alternate(bench, Object.entries(service.keepers), (keeper, subject) =>
      measureOne({ bench, figures, service, subject, keeper }),
    );
  } finally {
    await service.end();
  }
  return figures.results();
}

/** @param {{ bench: Bench, figures: Collection, service: import("../subjects/remote.mjs").Service, subject: string, keeper: import("../subjects/subject.mjs").Keeper }} of */
async function measureOne({ bench, figures, service, subject, keeper }) {
  for (const [scale, size] of SIZES) {
    const count = Math.ceil((bench.quick ? 50 : 500) / (size > 100_000 ? 10 : 1));
    const value = randomFillSync(new Uint8Array(size));
    const round = Math.random().toString(36);
    const key = (/** @type {number} */ at) => `${round}-${at}`;
    for (const [operation, call] of Object.entries({
      put: (/** @type {number} */ at) => keeper.put(key(at), value),
      get: (/** @type {number} */ at) => keeper.get(key(at)),
    })) {
      const before = await service.bill();
      figures.add({ subject, operation, scale }, await timed(count, call));
      const after = await service.bill();
      const each = (/** @type {"requests" | "bytes"} */ of) => (after[of] - before[of]) / count;
      figures.add(
        { subject, operation: `${operation}, requests`, scale, unit: "count" },
        Math.round(each("requests") * 10) / 10,
      );
      figures.add({ subject, operation: `${operation}, bytes`, scale, unit: "bytes" }, each("bytes"));
    }
  }
}
