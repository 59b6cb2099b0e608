import type { Store } from "@cache/core";
import { CacheError, storeError } from "@cache/core/adapter";
import { describe } from "vitest";
import { type FailingStoreFixture, failingStoreCases, referenceStore } from "../src/index.ts";
import { type Fault, passes, provesItself } from "./matrix.ts";

const broken = (): never => {
  throw storeError("talking to the medium", Object.assign(new Error("connection refused"), { code: "ECONNREFUSED" }));
};

/** A store that has lost its medium and says so. */
const lost: Store = {
  get: async () => broken(),
  open: async () => broken(),
  put: async () => broken(),
  async putStream(draft) {
    for await (const _ of draft.body);
    return broken();
  },
  stat: async () => broken(),
  delete: async () => broken(),
  async *list() {
    yield broken();
  },
};

function planted(fails: RegExp, store: Partial<Store>): Fault<FailingStoreFixture> {
  return { fails, fixture: () => ({ open: async () => ({ ...lost, ...store }) }) };
}

async function* nothing(): AsyncGenerator<never> {}

describe("a store that lost its medium", () => {
  passes(failingStoreCases, () => ({ open: async () => lost }));
});

describe("the cases for media that fail", () => {
  provesItself(failingStoreCases, {
    "takes a failure for absence": planted(/^(get|open|stat): /, {
      get: async () => undefined,
      open: async () => undefined,
      stat: async () => undefined,
    }),
    "takes a failure for an end": planted(/^(open|list): /, { open: async () => nothing(), list: nothing }),
    "takes a failure for a name that is taken": planted(/^put with ifAbsent: /, {
      put: async () => ({ written: false }),
    }),
    "says that it has done what it could not": planted(
      /^(put|putStream|delete|delete with quarantine): /,
      referenceStore(),
    ),
    "lets the medium's own error out": planted(/^get: /, {
      get: () => Promise.reject(new Error("connection refused")),
    }),
    "drops the cause": planted(/^stat: /, {
      stat: () => Promise.reject(new CacheError("ERR_CACHE_STORE", "the store failed")),
    }),
    "tells the name": planted(/^delete: /, {
      delete: (name) =>
        Promise.reject(new CacheError("ERR_CACHE_STORE", `cannot delete ${name}`, { cause: new Error() })),
    }),
  });
});
