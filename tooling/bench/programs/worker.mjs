// DIRECTORY NUMBER MILLISECONDS: puts and gets in a directory that others use too, for a time; prints how many calls, and what was lost.
import { fileStore } from "@cache/cas";
import { bytesCodec, createCache } from "@cache/core";

const [directory = "", number = "", milliseconds = ""] = process.argv.slice(2);
const cache = createCache({ store: fileStore(directory), codec: bytesCodec });
const value = new Uint8Array(1024).fill(Number(number));
const KEYS = 500;

let [calls, lost] = [0, 0];
for (let at = 0; at < KEYS; at++) await cache.set(`${number}-${at}`, value);
// All begin at once: at the next whole second.
await new Promise((resolve) => setTimeout(resolve, 1000 - (Date.now() % 1000)));
const end = performance.now() + Number(milliseconds);
while (performance.now() < end) {
  for (let at = 0; at < 10; at++) {
    if (at === 0) await cache.set(`${number}-${calls % KEYS}`, value);
    else {
      const found = await cache.get(`${number}-${(calls * 13) % KEYS}`);
      if (found === undefined || found[0] !== Number(number)) lost += 1;
    }
    calls += 1;
  }
}
await cache.close();
process.stdout.write(JSON.stringify({ calls, lost }));
