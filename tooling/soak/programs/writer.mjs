// Writes until it is killed, and says of each write when it is finished: "<key> <n>".
import { writeSync } from "node:fs";
import { argv } from "node:process";
import { collectGarbage, verifyStore } from "@cache/core/maintenance";
import { open } from "../cache.mjs";
import { writtenAs } from "../values.mjs";

const [, , text = "{}", owner = "0", role = "writer"] = argv;
const { cache, slots, store } = open(JSON.parse(text));

async function write(/** @type {number} */ lane) {
  for (let n = 1; ; n++) {
    const key = `${owner}/${lane}.${n % 7}`;
    await cache.set(key, writtenAs(owner, key, n));
    writeSync(1, `${key} ${n}\n`);
  }
}

async function care() {
  for (let n = 1; ; n++) {
    await verifyStore(slots);
    await collectGarbage({ ...slots, keep: "30m" });
    await store.maintenance.sweepTemporary({ olderThan: 60_000 });
    await store.maintenance.evict();
    writeSync(1, `care ${n}\n`);
  }
}

await (role === "writer" ? Promise.all([write(0), write(1), write(2)]) : care());
