// DIRECTORY: counts the calls to the file system that operations of every kind of cache make; prints them, for each operation, by name.
import { createHash } from "node:crypto";
import fs from "node:fs";
import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";

/** @type {Map<string, number>} */
let counts = new Map();
const count = (/** @type {string} */ name) => counts.set(name, (counts.get(name) ?? 0) + 1);

/** @param {string} prefix @param {Record<string, unknown>} functions */
function countCalls(prefix, functions) {
  for (const [name, original] of Object.entries(functions)) {
    if (typeof original !== "function" || /^[A-Z_]/.test(name)) continue;
    /** @this {unknown} @param {unknown[]} given */
    const counted = function (...given) {
      count(prefix + name);
      return Reflect.apply(original, this, given);
    };
    // realpath.native and its like.
    functions[name] = Object.assign(counted, original);
  }
}

countCalls("", /** @type {never} */ (fs));
countCalls("promises.", /** @type {never} */ (promises));
syncBuiltinESMExports();
const probe = await promises.open(new URL(import.meta.url));
countCalls("file.", /** @type {never} */ (methodsOf(Object.getPrototypeOf(probe))));
await probe.close();

/** The methods of a prototype, which are not enumerable: put back as such. @param {Record<string, unknown>} prototype */
function methodsOf(prototype) {
  const names = ["read", "write", "writeFile", "readFile", "stat", "sync", "datasync", "chmod", "close"];
  return new Proxy(
    {},
    {
      ownKeys: () => names,
      getOwnPropertyDescriptor: (_, name) => ({ configurable: true, enumerable: true, value: prototype[String(name)] }),
      get: (_, name) => prototype[String(name)],
      set: (_, name, value) =>
        Object.defineProperty(prototype, name, { value, configurable: true, writable: true }) && true,
    },
  );
}

// What counts has to be there before what is counted is loaded.
const { KINDS, SLOTS } = await import("../subjects/kinds.mjs");
const { fileStore } = await import("@cache/cas");
const { bytesCodec, createCache } = await import("@cache/core");
const { collectGarbage, listEntries, verifyStore } = await import("@cache/core/maintenance");
const [directory = ""] = process.argv.slice(2);

/** @param {() => unknown} work @returns {Promise<Record<string, number>>} */
async function callsOf(work) {
  counts = new Map();
  await work();
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** @type {Record<string, Record<string, number>>} */
const told = {};
for (const [name, open] of Object.entries(KINDS)) {
  const keeper = await open(join(directory, createHash("sha256").update(name).digest("hex").slice(0, 8)));
  for (const [scale, size] of /** @type {const} */ ([
    ["1 KiB", 1024],
    ["64 KiB", 65_536],
    ["1 MiB", 1_048_576],
  ])) {
    // The first of each makes directories and the like.
    for (const at of [1, 2, 3]) await keeper.put(`warm ${at} ${scale}`, new Uint8Array(size).fill(at));
    const value = new Uint8Array(size).fill(9);
    await keeper.put(`key ${scale}`, value);
    told[`put ${scale}, ${name}`] = await callsOf(() => keeper.put(`key ${scale}`, value.fill(10)));
    await keeper.get(`key ${scale}`);
    told[`get ${scale}, ${name}`] = await callsOf(() => keeper.get(`key ${scale}`));
    told[`has ${scale}, ${name}`] = await callsOf(() => keeper.has?.(`key ${scale}`));
  }
}

// What a further entry, in a directory of its own, costs those who go through a whole store.
for (const name of ["plain", "sealed and signed"]) {
  const slots = SLOTS[name]?.() ?? {};
  const store = fileStore(join(directory, `maintenance ${name}`));
  const cache = createCache({ store, ...slots, codec: bytesCodec });
  const jobs = {
    verify: () => verifyStore({ store, ...slots }),
    gc: () => collectGarbage({ store, ...slots }),
    ls: async () => {
      for await (const _ of listEntries({ store, ...slots }));
    },
  };
  await cache.set("one", new Uint8Array(1024));
  /** @type {Record<string, Record<string, number>>} */
  const before = {};
  for (const [job, run] of Object.entries(jobs)) before[job] = await callsOf(run);
  await cache.set("two", new Uint8Array(1024));
  for (const [job, run] of Object.entries(jobs)) {
    const calls = Object.entries(await callsOf(run)).map(([call, times]) => [call, times - (before[job]?.[call] ?? 0)]);
    told[`${job} of a further entry, ${name}`] = Object.fromEntries(calls.filter(([, more]) => more !== 0));
  }
}
fs.writeSync(1, JSON.stringify(told));
