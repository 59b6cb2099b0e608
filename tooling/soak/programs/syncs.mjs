// Puts in every way there is, and says when each begins and when its promise is resolved.
import { readdirSync, rmSync, truncateSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { argv } from "node:process";
import { addKey, Keyring, MasterKey } from "@cache/core/keyring";
import { createKeyringFile, updateKeyringFile } from "@cache/core/keyring-file";
import { resealStore } from "@cache/core/maintenance";
import { open } from "../cache.mjs";

const [, , text = "{}", newer = ""] = argv;
/** @type {import("../cache.mjs").Place} */
const place = JSON.parse(text);
const { cache, store } = open(place);
const keys = join(dirname(place.directory), "keys", "keyring.json");
const plain = new TextEncoder().encode("content ".repeat(5000));
const newest = (/** @type {string} */ kind) =>
  readdirSync(join(place.directory, "v1", kind), { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name));

async function* pieces() {
  for (let at = 0; at < 25; at++) yield new Uint8Array(100_000).fill(at);
}

/** @type {Readonly<Record<string, () => Promise<unknown>>>} */
const STEPS = {
  "the first of all": () => cache.set("first", 1),
  small: () => cache.set("small", "value"),
  "in a directory of its own": () => cache.set("another", "value"),
  overwrite: () => cache.set("small", "another value"),
  large: () => cache.set("large", "x".repeat(1_200_000)),
  "content that is there": () => cache.set("larger", "x".repeat(1_200_000)),
  content: () => cache.blobs.put(plain),
  stream: () => cache.blobs.put(pieces()),
  "only when absent": () => store.put(`blobs/${"ab".repeat(32)}`, plain, { ifAbsent: true }),
  "in directories that were removed": async () => {
    for (const kind of ["entries", "notes"]) {
      rmSync(join(place.directory, "v1", kind), { recursive: true });
    }
    await cache.set("small", "once more");
  },
  "what was damaged": async () => {
    for (const path of newest("entries")) truncateSync(path, 100);
    await cache.get("small");
    await cache.set("small", "healed");
  },
  "a keyring file": () => createKeyringFile(keys, Keyring.of(MasterKey.generate())),
  "a keyring file that is changed": () => updateKeyringFile(keys, (keyring) => addKey(keyring, MasterKey.generate())),
  "sealed again": () => resealStore(open({ ...place, key: newer, older: [place.key] }).slots),
};

for (const [name, step] of Object.entries(STEPS)) {
  writeSync(1, `begin ${name}\n`);
  await step();
  writeSync(1, `done ${name}\n`);
}
