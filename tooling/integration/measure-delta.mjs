// What deltas save on two adjacent releases of real packages, which it fetches from the registry: pnpm measure:delta [NAME@FROM..TO]
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argv } from "node:process";
import { gunzipSync } from "node:zlib";
import { createCache } from "@cache/core";
import { copyInsertEngine, deltaStore, xdelta3Engine } from "@cache/delta";
import { memoryStore } from "@cache/memory";

const PAIRS = argv.length > 2 ? argv.slice(2) : ["typescript@5.9.2..5.9.3", "esbuild-wasm@0.25.9..0.25.10"];

/**
 * The tarball of a release as the registry has it.
 * @param {string} name
 * @param {string} version
 */
function tarball(name, version) {
  const folder = mkdtempSync(join(tmpdir(), "measure-delta-"));
  try {
    execFileSync("npm", ["pack", `${name}@${version}`, "--silent", "--pack-destination", folder], { stdio: "ignore" });
    const [file = ""] = readdirSync(folder);
    return new Uint8Array(readFileSync(join(folder, file)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param {number} bytes */
const sized = (bytes) => (bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} KB` : `${(bytes / 1e6).toFixed(2)} MB`);

/**
 * @param {import("@cache/delta").DeltaEngine} engine
 * @param {readonly Uint8Array[]} versions
 */
async function measure(engine, [first, second]) {
  const cache = createCache({ store: memoryStore({ maxBytes: "2GB" }) });
  const deltas = deltaStore(cache, { engine, maxRatio: 1 });
  await deltas.put("a/1", /** @type {Uint8Array} */ (first));
  const began = performance.now();
  const { size, delta } = await deltas.put("a/2", /** @type {Uint8Array} */ (second));
  const put = performance.now();
  if ((await deltas.get("a/2")) === undefined) throw new Error("the version cannot be read");
  const kept = delta?.size ?? size;
  const times = [put - began, performance.now() - put].map((time) => `${(time / 1000).toFixed(1)} s`);
  return [sized(size), sized(kept), `${(Math.floor(1000 * (1 - kept / size)) / 10).toFixed(1)} %`, ...times];
}

console.log("| release | as | engine | version | kept | saved | put | get |");
console.log("|---|---|---|---|---|---|---|---|");
for (const pair of PAIRS) {
  const [, name = "", from = "", to = ""] = /^(.+)@(.+)\.\.(.+)$/.exec(pair) ?? [];
  const packed = [tarball(name, from), tarball(name, to)];
  const unpacked = packed.map((bytes) => new Uint8Array(gunzipSync(bytes)));
  for (const [as, versions] of /** @type {const} */ ([
    ["`.tgz`", packed],
    ["`.tar`", unpacked],
  ])) {
    for (const engine of [copyInsertEngine(), xdelta3Engine()]) {
      const cells = await measure(engine, versions);
      console.log(`| ${[`${name} ${to}`, as, engine.name, ...cells].join(" | ")} |`);
    }
  }
}
