/**
 * The file store beside the least work that does the same: open, write, close, rename for a put; open, read into a
 * buffer of the value's own, close for a get. Both sides alternate; ratios of medians, because absolute times move with
 * the machine. Build first, then: node bench/limits.mjs [directory]
 */
import {
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileStore } from "../dist/index.js";

const base = mkdtempSync(join(process.argv[2] ?? tmpdir(), "cas-bench-"));
const { O_CREAT, O_EXCL, O_WRONLY, O_RDONLY } = constants;
const ROUNDS = 21;
const FAN_OUT = Array.from({ length: 256 }, (_, at) => at.toString(16).padStart(2, "0"));
const NAMES = FAN_OUT.map((digits) => `blobs/${digits.repeat(32)}`);

/** As deep as the store's own paths, because the system walks them. */
const LIMIT = join(base, "limit", "v1", "blobs");
const TEMPORARY = join(base, "limit", "v1", "tmp");
mkdirSync(TEMPORARY, { recursive: true });
for (const digits of FAN_OUT) mkdirSync(join(LIMIT, digits), { recursive: true });
const store = fileStore(join(base, "store"));
for (const name of NAMES) await store.put(name, new Uint8Array(1));

let puts = 0;
const limitPath = (name) => `${LIMIT}/${name.slice(6, 8)}/${name.slice(6)}`;
const limit = {
  async put(name, bytes) {
    const temporary = `${TEMPORARY}/${puts++}`;
    const fd = openSync(temporary, O_CREAT | O_EXCL | O_WRONLY, 0o600);
    writeSync(fd, bytes);
    closeSync(fd);
    renameSync(temporary, limitPath(name));
  },
  async get(name, length) {
    const fd = openSync(limitPath(name), O_RDONLY);
    const bytes = new Uint8Array(length);
    readSync(fd, bytes);
    closeSync(fd);
    return bytes;
  },
};
/** A name nobody has put before, on either side. */
const fresh = () => `blobs/${FAN_OUT[puts & 255]}${(puts++).toString(16).padStart(62, "0")}`;

async function time(work, count) {
  const begun = process.hrtime.bigint();
  for (let at = 0; at < count; at++) await work(NAMES[at % NAMES.length]);
  return Number(process.hrtime.bigint() - begun) / count / 1000;
}

const median = (times) => times.sort((a, b) => a - b)[times.length >> 1];

async function compare(title, count, run) {
  const times = { limit: [], ours: [] };
  for (let round = 0; round < ROUNDS; round++) {
    times.limit.push(await time(run(limit), count));
    times.ours.push(await time(run(store), count));
  }
  const [least, spent] = [median(times.limit), median(times.ours)];
  console.log(
    `${title.padEnd(16)} limit ${least.toFixed(1).padStart(8)} µs  store ${spent.toFixed(1).padStart(8)} µs  ratio ${(spent / least).toFixed(2)}`,
  );
}

for (const [words, length, count] of [
  ["1 KiB", 1024, 1024],
  ["16 KiB", 16_384, 512],
  ["64 KiB", 65_536, 256],
  ["1 MiB", 1_048_576, 64],
]) {
  const bytes = new Uint8Array(length).fill(7);
  if (length < 1_048_576) await compare(`put ${words} new`, count, (side) => () => side.put(fresh(), bytes));
  await compare(`put ${words}`, count, (side) => (name) => side.put(name, bytes));
  await compare(`get ${words}`, count, (side) => (name) => side.get(name, length));
}
rmSync(base, { recursive: true, force: true });
