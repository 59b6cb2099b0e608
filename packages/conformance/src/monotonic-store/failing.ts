import type { MonotonicStore } from "@cache/core";
import { isCacheError } from "@cache/core/adapter";
import type { Case } from "../case.ts";
import { expectFailure, expectThat, show } from "../expect.ts";
import { sample } from "../samples.ts";
import { seen } from "./bench.ts";
import type { FailingMonotonicStoreFixture } from "./fixture.ts";

function failingCase(method: string, call: (store: MonotonicStore) => unknown): Case<FailingMonotonicStoreFixture> {
  return {
    name: `${method}: a memory that fails is ERR_CACHE_STORE with its cause, and never one that has seen nothing`,
    async run(fixture) {
      const store = await fixture.open();
      const error = await expectFailure(async () => call(store), `${method} on a memory that fails`);
      const coded = isCacheError(error, "ERR_CACHE_STORE");
      expectThat(coded, `${method} on a memory that fails: ${show(error)}, expected ERR_CACHE_STORE`);
      expectThat(error.cause !== undefined, `${method} on a memory that fails keeps the cause`);
    },
  };
}

/** The `MonotonicStore` port's contract for memories that fail, for adapters that have one that can. */
export const failingMonotonicStoreCases: readonly Case<FailingMonotonicStoreFixture>[] = [
  failingCase("get", (store) => store.get(sample(32))),
  failingCase("advance", (store) => store.advance(sample(32), seen(1))),
];
