import { createCache } from "@cache/core";
import { keyvStore } from "@cache/keyv";
import { memoryStore } from "@cache/memory";
import keyvTestSuite, { keyvIteratorTests } from "@keyv/test-suite";
import Keyv5 from "keyv";
import { Keyv as Keyv6 } from "keyv6";
import * as vitest from "vitest";

/** What Keyv 6 does otherwise than Keyv 5, by its own account, and what its own tests would say; ours do. */
const CHANGED = new Map([
  [".deleteMany([keys]) with nonexistent keys resolves to false", "an answer for each key"],
  ["value can not be symbol", "an event instead of an error"],
  ["value can be BigInt using other serializer/deserializer", "another option for serializers"],
]);

const withoutChanged = (title: string, body: () => Promise<void>) =>
  CHANGED.has(title) ? undefined : vitest.it(title, body);

for (const [version, Keyv] of [
  ["5", Keyv5],
  ["6", Keyv6],
] as const) {
  vitest.describe(`the suite that Keyv publishes, with Keyv ${version}`, () => {
    const cache = createCache({ store: memoryStore({ maxBytes: "10MB" }) });
    const test = { ...vitest, it: version === "5" ? vitest.it : withoutChanged } as unknown as typeof vitest;
    // The suite makes several that have to share what they hold.
    const store = () => keyvStore(cache);
    keyvTestSuite(test, Keyv as typeof Keyv5, store);
    keyvIteratorTests(test, Keyv as typeof Keyv5, store);
  });
}
