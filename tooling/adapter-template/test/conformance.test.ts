import { failingStoreCases, storeCases } from "@cache/conformance";
import { describe, it } from "vitest";
import { templateStore } from "../src/index.ts";
import { connect, disconnected, startService } from "./service.ts";

describe("a store in Template keeps the contract of the port", () => {
  const service = startService();
  const open = async () => templateStore(connect(service));
  for (const each of storeCases) it(each.name, () => each.run({ open, reopen: open, persistent: true }));
});

describe("a store in Template that cannot be reached says so", () => {
  const open = async () => templateStore(disconnected());
  for (const each of failingStoreCases) it(each.name, () => each.run({ open }));
});
