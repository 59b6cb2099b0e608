import { storeCases } from "@cache/conformance";
import { describe, it } from "vitest";
import { memoryStore } from "../src/index.ts";

describe("a memory store keeps the contract of the port", () => {
  const store = memoryStore({ maxBytes: "16MiB" });
  const fixture = { open: async () => store, reopen: async () => store, persistent: false };
  for (const each of storeCases) it(each.name, () => each.run(fixture));
});
