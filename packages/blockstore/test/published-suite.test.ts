import { register } from "node:module";
import { cacheBlockstore } from "@cache/blockstore";
import { createCache } from "@cache/core";
import { memoryStore } from "@cache/memory";
import { afterEach, beforeEach, describe, it } from "vitest";

register("./suite/hooks.mjs", import.meta.url);
Object.assign(globalThis, { describe, it, beforeEach, afterEach });
const { interfaceBlockstoreTests } = await import("interface-blockstore-tests");

describe("the suite of interface-blockstore", () => {
  interfaceBlockstoreTests({
    setup: () => cacheBlockstore(createCache({ store: memoryStore({ maxBytes: "10MB" }) })),
    teardown: () => {},
  });
});
