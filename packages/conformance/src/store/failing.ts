import type { Name, Store } from "@cache/core";
import { isCacheError } from "@cache/core/adapter";
import type { Case } from "../case.ts";
import { expectFailure, expectThat, show } from "../expect.ts";
import { sample } from "../samples.ts";
import { draftOfBytes } from "./drafts.ts";
import type { FailingStoreFixture } from "./fixture.ts";
import { readOpen, rows } from "./reading.ts";

const NAME: Name = `blobs/${"5a".repeat(32)}`;

function failingCase(method: string, call: (store: Store) => unknown): Case<FailingStoreFixture> {
  const name = `${method}: a medium that fails is ERR_CACHE_STORE with its cause, and never an answer`;
  return {
    name,
    async run(fixture) {
      const store = await fixture.open();
      const error = await expectFailure(async () => call(store), `${method} on a medium that fails`);
      const coded = isCacheError(error, "ERR_CACHE_STORE");
      expectThat(coded, `${method} on a medium that fails: ${show(error)}, expected ERR_CACHE_STORE`);
      expectThat(error.cause !== undefined, `${method} on a medium that fails keeps the cause`);
      expectThat(!error.message.includes("5a5a5a5a"), `${method} on a medium that fails: the message holds no name`);
    },
  };
}

/**
 * The `Store` port's contract for media that fail, for adapters that have one that can: "could not look" is never
 * "is not there".
 */
export const failingStoreCases: readonly Case<FailingStoreFixture>[] = [
  failingCase("get", (store) => store.get(NAME)),
  failingCase("open", (store) => readOpen(store, NAME)),
  failingCase("put", (store) => store.put(NAME, sample(10))),
  failingCase("put with ifAbsent", (store) => store.put(NAME, sample(10), { ifAbsent: true })),
  failingCase("putStream", (store) => store.putStream(draftOfBytes(NAME, sample(10)))),
  failingCase("stat", (store) => store.stat(NAME)),
  failingCase("delete", (store) => store.delete(NAME)),
  failingCase("delete with quarantine", (store) => store.delete(NAME, { quarantine: true })),
  failingCase("list", (store) => rows(store, "blobs")),
];
