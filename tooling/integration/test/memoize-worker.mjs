import { parentPort, workerData } from "node:worker_threads";
import { callRecords } from "@cache/calls";
import { fileStore } from "@cache/cas";
import { createCache, memoize, structuredCodec } from "@cache/core";
import { sample } from "./memoize-sample.mjs";

/** Calls a memoized function over a directory, and tells its digest, its result, and how often it ran here. */
const cache = createCache({ store: fileStore(workerData), codec: structuredCodec });
let runs = 0;
const first = memoize(
  cache,
  (/** @type {ReturnType<typeof sample>} */ given) => {
    runs += 1;
    return given.user.id;
  },
  { name: "first", version: 1, calls: callRecords(cache) },
);
const result = await first(sample());
parentPort?.postMessage({ digest: first.digest(sample()), result, runs });
