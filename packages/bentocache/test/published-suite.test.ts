import { cacheDriver } from "@cache/bentocache";
import { createCache } from "@cache/core";
import { memoryStore } from "@cache/memory";
import { registerCacheDriverTestSuite } from "bentocache/test_suite";
import { afterAll, afterEach, assert, beforeAll, describe, it, onTestFinished } from "vitest";

type Suite = Parameters<typeof registerCacheDriverTestSuite>[0];
type Step = () => unknown;

/** The suite is written for another runner, of which it uses no more than this. */
const test = (title: string, body: (context: object) => Promise<void>) =>
  it(title, () => body({ assert, cleanup: (step: Step) => onTestFinished(async () => void (await step())) }));

const group = {
  setup: (step: () => Promise<Step>) => {
    let teardown: Step = () => {};
    beforeAll(async () => {
      teardown = await step();
    });
    afterAll(async () => void (await teardown()));
  },
  tap: () => {},
  each: { teardown: (step: Step) => afterEach(async () => void (await step())) },
};

describe("the suite that Bentocache publishes for drivers", () => {
  const cache = createCache({ store: memoryStore({ maxBytes: "10MB" }) });
  const { factory } = cacheDriver(cache);
  const createDriver: Suite["createDriver"] = (options) => factory({ prefix: "suite", ...options });
  registerCacheDriverTestSuite({ test, group, createDriver } as unknown as Suite);
});
