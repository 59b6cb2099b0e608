import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { failingMonotonicStoreCases, failingStoreCases, monotonicStoreCases, storeCases } from "@cache/conformance";
import { afterAll, describe, it } from "vitest";
import { ephemeralStore, type FileStoreOptions, fileStore, monotonicStore } from "../src/index.ts";
import { newBase, newDirectory } from "./directories.ts";

const VARIANTS: readonly (readonly [string, FileStoreOptions])[] = [
  ["one level", { levels: 1 }],
  ["two levels", { levels: 2 }],
  ["durable", { durable: true }],
  ["with limits", { maxBytes: "1GB", maxEntries: 100_000 }],
];

describe.each(VARIANTS)("a file store, %s", (_, options) => {
  const directory = newDirectory();
  const open = async () => fileStore(directory, options);
  for (const each of storeCases) it(each.name, () => each.run({ open, reopen: open, persistent: true }));
});

describe("an ephemeral store", () => {
  const store = ephemeralStore({ parent: newBase() });
  afterAll(async () => (await store).close());
  for (const each of storeCases) {
    it(each.name, () => each.run({ open: () => store, reopen: () => store, persistent: false }));
  }
});

describe("a file store whose parent directory became a file", () => {
  const file = join(newBase(), "file");
  writeFileSync(file, "");
  const open = async () => fileStore(join(file, "below", "store"));
  for (const each of failingStoreCases) it(each.name, () => each.run({ open }));
});

describe("a monotonic store in a directory", () => {
  const directory = newDirectory();
  const open = () => monotonicStore(directory);
  for (const each of monotonicStoreCases) it(each.name, () => each.run({ open, reopen: open }));
});

describe("a monotonic store whose parent directory became a file", () => {
  const file = join(newBase(), "file");
  writeFileSync(file, "");
  const open = () => monotonicStore(join(file, "below", "state"));
  for (const each of failingMonotonicStoreCases) it(each.name, () => each.run({ open }));
});
