import { failingStoreCases, storeCases } from "@cache/conformance";
import { describe, it } from "vitest";
import { type FileStoreOptions, fileStore } from "../src/index.ts";
import { newDirectory } from "./directories.ts";

const VARIANTS: readonly (readonly [string, FileStoreOptions])[] = [
  ["one level", { levels: 1 }],
  ["two levels", { levels: 2 }],
  ["durable", { durable: true }],
];

describe.each(VARIANTS)("a file store, %s", (_, options) => {
  const directory = newDirectory();
  const open = async () => fileStore(directory, options);
  for (const each of storeCases) it(each.name, () => each.run({ open, reopen: open, persistent: true }));
});
