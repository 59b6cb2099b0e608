import { describe, it } from "vitest";
import { referenceStore, storeCases } from "../src/index.ts";

describe("the reference store", () => {
  const store = referenceStore();
  const fixture = { open: async () => store, reopen: async () => store, persistent: false };
  for (const each of storeCases) it(each.name, () => each.run(fixture));
});
