// ENTRIES LEASES KEY LOG MODE: one of many processes that want one value. Writes a line to LOG when it computes; prints what it got.
// In the mode `hang` it never ends computing.
import { appendFileSync } from "node:fs";
import { fileStore } from "@cache/cas";
import { createCache, storeLeases } from "@cache/core";

const [entries = "", leases = "", key = "", log = "", mode] = process.argv.slice(2);
const cache = createCache({
  store: fileStore(entries),
  leases: storeLeases(fileStore(leases), { ttl: 600 }),
  leaseWait: "1m",
});
const value = await cache.getOrSet(key, async () => {
  appendFileSync(log, `${process.pid}\n`);
  if (mode === "hang") return new Promise((resolve) => setTimeout(resolve, 1e9));
  await new Promise((resolve) => setTimeout(resolve, 300));
  return `computed by ${process.pid}`;
});
process.stdout.write(String(value));
