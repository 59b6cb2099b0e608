/**
 * What a monitor takes: memory and time of the first look, time of a scan that finds nothing, and of judging what another
 * writer put. The values are made past the store. Build first, then:
 * node --expose-gc bench/monitor.mjs [values] [directory]
 */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileStore } from "../dist/index.js";
import { monitorStore } from "../dist/monitor/index.js";

const count = Number(process.argv[2] ?? 100_000);
const JUDGED = 1000;
const base = mkdtempSync(join(process.argv[3] ?? tmpdir(), "cas-bench-"));
const store = fileStore(base);
const content = (at) => `content ${at}`;

function write(at) {
  const hex = createHash("sha256").update(content(at)).digest("hex");
  const directory = join(base, "v1", "blobs", hex.slice(0, 2));
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writeFileSync(join(directory, hex), content(at), { mode: 0o600 });
}

async function timed(work) {
  const began = performance.now();
  const result = await work();
  return [result, performance.now() - began];
}

function heap() {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

await store.put(`blobs/${"0".repeat(64)}`, new Uint8Array());
for (let at = 0; at < count; at++) write(at);
const before = heap();
const told = [];
const onAlert = (alert) => told.push(alert);
const [monitor, first] = await timed(() => monitorStore({ store, onAlert, watch: false }));
const taken = heap() - before;
const [, scan] = await timed(() => monitor.scan());
for (let at = count; at < count + JUDGED; at++) write(at);
const [, judging] = await timed(() => monitor.scan());
await monitor.close();
rmSync(base, { recursive: true });

console.log(`values                ${count}`);
console.log(`memory                ${(taken / count).toFixed(0)} bytes a value${globalThis.gc ? "" : ", roughly"}`);
console.log(`first look            ${((first * 1000) / count).toFixed(1)} µs a value`);
console.log(`scan, nothing changed ${((scan * 1000) / count).toFixed(1)} µs a value`);
console.log(`written by others     ${((judging - scan) / told.length).toFixed(2)} ms a value, ${told.length} told`);
