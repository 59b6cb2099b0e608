// One of many processes on one directory: it writes keys of its own, and reads those of all.
import { argv, exit } from "node:process";
import { collectGarbage, verifyStore } from "@cache/core/maintenance";
import { open } from "../cache.mjs";
import { pause } from "../child.mjs";
import { isWhole, SHORT, writtenAs } from "../values.mjs";

const [, , text = "{}", id = "0", processes = "1", seconds = "1"] = argv;
const place = JSON.parse(text);
const KEYS = 25;
const PREFIX = place.maxBytes === undefined ? "" : SHORT;
const LANES = 4;
const figures = { operations: 0, lost: 0, wrong: 0, errors: 0, evicted: 0, passing: 0, cared: 0 };
/** @type {Set<string>} */
const why = new Set();

const { cache, store, slots } = open(place, (event) => {
  if (event.level !== "security" && event.type !== "write-failed") return;
  figures.errors += 1;
  why.add(`event ${event.type} ${event.code ?? ""}`);
});

const until = Date.now() + Number(seconds) * 1000;
const random = (/** @type {number} */ most) => Math.floor(Math.random() * most);

/** Keys of one lane, and the last write of each that was acknowledged. */
class Lane {
  /** @type {Map<string, number>} */
  #written = new Map();
  #name;
  #n = 0;

  constructor(/** @type {string} */ name) {
    this.#name = name;
  }

  async run() {
    while (Date.now() < until) {
      figures.operations += 1;
      try {
        await this.#step();
      } catch (error) {
        figures.errors += 1;
        why.add(String(error));
      }
    }
  }

  async #step() {
    const dice = Math.random();
    const key = `${this.#name}/${random(KEYS)}`;
    if (dice < 0.4) await this.#put(key);
    else if (dice < 0.6) await this.#own(key);
    else if (dice < 0.9) await foreign();
    else if (dice < 0.95) await this.#remove(key);
    else await content();
  }

  async #put(/** @type {string} */ key) {
    const n = ++this.#n;
    const began = Date.now();
    await cache.set(key, writtenAs(id, key, n));
    this.#written.set(key, n);
    // Even with a bound: what came last goes last. Where processes wait long for their turn it is the last no more.
    if (Math.random() < 0.3) await this.#own(key, Date.now() - began < 100);
  }

  async #own(/** @type {string} */ key, /** @type {boolean} */ atOnce = false) {
    const n = this.#written.get(key);
    const found = /** @type {import("../values.mjs").Value | undefined} */ (await cache.get(key));
    if (n === undefined) {
      if (found !== undefined) figures.wrong += 1;
    } else if (found === undefined) {
      // A removal of the value before, which found another version, puts that back: a reader in that instant misses it.
      if (atOnce && (await isBack(key, n))) return;
      if (place.maxBytes === undefined || atOnce) figures.lost += 1;
      else figures.evicted += 1;
      this.#written.delete(key);
      await cache.delete(key);
    } else if (!isWhole(found, key) || found.n !== n) figures.wrong += 1;
  }

  async #remove(/** @type {string} */ key) {
    await cache.delete(key);
    this.#written.delete(key);
    if ((await cache.get(key)) !== undefined) figures.wrong += 1;
  }

  /** At the end: all that was acknowledged. */
  async check() {
    for (const key of this.#written.keys()) await this.#own(key);
  }
}

async function isBack(/** @type {string} */ key, /** @type {number} */ n) {
  await pause(50);
  const found = /** @type {import("../values.mjs").Value | undefined} */ (await cache.get(key));
  if (found?.n === n) figures.passing += 1;
  return found?.n === n;
}

async function foreign() {
  const key = `${PREFIX}${random(Number(processes))}.${random(LANES)}/${random(KEYS)}`;
  const found = await cache.get(key);
  if (found !== undefined && !isWhole(found, key)) figures.wrong += 1;
}

async function content() {
  const bytes = Buffer.from(writtenAs("content", "content", random(50)).filler);
  const digest = await cache.blobs.put(bytes);
  const found = await cache.blobs.get(digest);
  if (found === undefined) figures[place.maxBytes === undefined ? "lost" : "evicted"] += 1;
  else if (Buffer.compare(found, bytes) !== 0) figures.wrong += 1;
}

/** Some look after the store all the while. */
async function care() {
  const jobs = [
    async () => {
      const { damaged, missing } = await verifyStore(slots);
      if (damaged > 0 || (missing > 0 && place.maxBytes === undefined)) {
        figures.errors += 1;
        why.add(`verification found ${damaged} damaged, ${missing} missing`);
      }
    },
    () => collectGarbage({ ...slots, keep: "30m" }),
    async () => {
      const { error } = await store.maintenance.evict();
      if (error !== undefined) throw error;
      await store.maintenance.sweepTemporary();
    },
  ];
  const job = jobs[Number(id)];
  while (job !== undefined && Date.now() < until) {
    try {
      await job();
      figures.cared += 1;
    } catch (error) {
      figures.errors += 1;
      why.add(`care: ${String(error)}`);
    }
  }
}

const lanes = Array.from({ length: LANES }, (_, at) => new Lane(`${PREFIX}${id}.${at}`));
await Promise.all([care(), ...lanes.map((lane) => lane.run())]);
for (const lane of lanes) await lane.check();
console.log(JSON.stringify({ ...figures, why: [...why].slice(0, 5) }));
exit(0);
