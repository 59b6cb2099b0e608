// The same work as the worker's, by another cache: one of many processes that put, get and delete keys of their own.
import { argv, exit } from "node:process";
import { PEERS } from "../peers.mjs";
import { isWhole, writtenAs } from "../values.mjs";

const [, , name = "", directory = "", id = "0", seconds = "1"] = argv;
const peer = await /** @type {typeof PEERS[string]} */ (PEERS[name])(directory);
const KEYS = 25;
const figures = { operations: 0, lost: 0, wrong: 0, errors: 0 };
/** @type {Map<string, number>} */
const written = new Map();
const until = Date.now() + Number(seconds) * 1000;

async function own(/** @type {string} */ key) {
  const n = written.get(key);
  const found = /** @type {import("../values.mjs").Value | undefined} */ (await peer.get(key));
  if (found !== undefined && !isWhole(found, key)) figures.wrong += 1;
  else if (n !== undefined && found?.n !== n) {
    // Gone, or an older value in its place.
    figures.lost += 1;
    written.delete(key);
  }
}

async function lane(/** @type {number} */ at) {
  for (let n = 1; Date.now() < until; n++) {
    const key = `${id}.${at}/${Math.floor(Math.random() * KEYS)}`;
    figures.operations += 1;
    try {
      if (Math.random() < 0.5) {
        await peer.put(key, writtenAs(id, key, n));
        written.set(key, n);
      } else await own(key);
    } catch {
      figures.errors += 1;
    }
  }
}

async function care() {
  while (Date.now() < until) {
    await peer.verify?.().catch(() => {
      figures.errors += 1;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

await Promise.all([lane(0), lane(1), lane(2), lane(3), id === "0" ? care() : undefined]);
for (const key of [...written.keys()]) await own(key).catch(() => (figures.errors += 1));
console.log(JSON.stringify({ ...figures, why: [] }));
exit(0);
