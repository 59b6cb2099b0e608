import { createCache } from "@cache/core";
import { memoryStore } from "@cache/memory";
import { expect, it } from "vitest";
import { Process, requestOf } from "./process.ts";

it.each([
  ["method", "/", "M".repeat(5000)],
  ["method and address together", `/${"x".repeat(3960)}`, "M".repeat(120)],
])("a %s may be of any length", async (_, path, method) => {
  const one = new Process(createCache({ store: memoryStore({ maxBytes: "50MB" }) }));
  await one.fetch("long", requestOf(path, method));
  await one.fetch("another", requestOf(`${path}y`, method));
  expect(await one.read(requestOf(path, method))).toBe("long");
  await one.store.delete(requestOf(path, method));
  expect(await one.read(requestOf(path, method))).toBeUndefined();
  expect(one.errors).toEqual([]);
});
