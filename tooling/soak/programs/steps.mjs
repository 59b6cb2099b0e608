// Does a few things to a store that holds something already, and says what became of each. A hook, or a tracer round the
// process, may end it at any call.
import { closeSync, fstatSync, lstatSync, openSync, writeSync } from "node:fs";
import { argv, env } from "node:process";
import { open } from "../cache.mjs";
import { prepare, STEPS } from "../steps.mjs";

const [, , text = "{}"] = argv;
/** @type {import("../cache.mjs").Place} */
const place = JSON.parse(text);
const { soakCalls = { armed: false, calls: 0, by: {} } } = /** @type {any} */ (globalThis);
const say = (/** @type {string} */ line) => {
  soakCalls.armed = false;
  writeSync(1, `${line}\n`);
  soakCalls.armed = true;
};

async function doAll(/** @type {import("../cache.mjs").Place} */ where, /** @type {(line: string) => void} */ tell) {
  const { cache, store } = open(where);
  const { cache: elsewhere } = open({ ...where, directory: `${where.directory}-new` });
  for (const [name, step] of Object.entries(STEPS)) {
    try {
      await step({ cache, store, elsewhere });
      tell(`done ${name}`);
    } catch (error) {
      const { code, message } = /** @type {{ code?: unknown, message?: unknown }} */ (error);
      tell(`failed ${name} ${code ?? message}`);
    }
  }
}

// A tracer sees every call, also those by which Node loads what it is asked for the first time, and counts each thread's.
// The numbers of this thread's calls get ahead of those by which another one loads modules.
if (env.SOAK_WARM !== undefined) {
  for (let n = 0; n < 600; n++) {
    const fd = openSync("/", "r");
    fstatSync(fd);
    lstatSync("/");
    closeSync(fd);
  }
  const warm = { ...place, directory: `${place.directory}-warm` };
  await prepare(open(warm).cache).catch(() => undefined);
  await doAll(warm, () => undefined);
}
say("begin");
await doAll(place, say);
soakCalls.armed = false;
writeSync(1, `calls ${soakCalls.calls} ${JSON.stringify(soakCalls.by)}\n`);
