import type { Name, Store } from "@cache/core";
import type { Case } from "../case.ts";
import { expectFailure, expectThat, show } from "../expect.ts";
import { sample } from "../samples.ts";
import { storeCase } from "./bench.ts";
import { draftOfBytes } from "./drafts.ts";
import type { StoreFixture } from "./fixture.ts";

const HEX = "0123456789abcdef".repeat(4);

/** What no store may let near its medium. */
const MALFORMED: readonly string[] = [
  "",
  "blobs",
  "blobs/",
  "blobs/../x",
  `blobs/../${HEX}`,
  `../blobs/${HEX}`,
  `/blobs/${HEX}`,
  `blobs//${HEX}`,
  `blobs/${HEX}/`,
  `blobs\\${HEX}`,
  `blobs/${HEX.toUpperCase()}`,
  `Blobs/${HEX}`,
  `blobs/${HEX.slice(1)}`,
  `blobs/${HEX}0`,
  `blobs/${HEX.slice(1)}g`,
  `blobs/${HEX.slice(1)}\0`,
  `blobs/${HEX}\0`,
  `blobs/${HEX}\n`,
  ` blobs/${HEX}`,
  `blobs/${HEX.slice(2)}/.`,
  `blobs/${HEX.slice(1)}\u0660`,
  `things/${HEX}`,
  HEX,
  `tmp/${HEX}`,
  "__proto__",
];

function malformedCase(method: string, call: (store: Store, name: Name) => unknown): Case<StoreFixture> {
  return storeCase(`${method}: a malformed name is a TypeError`, async ({ store }) => {
    for (const name of MALFORMED) {
      const what = `${method} of ${JSON.stringify(name)}`;
      const error = await expectFailure(async () => call(store, name as Name), what);
      expectThat(error instanceof TypeError, `${what}: ${show(error)}, expected a TypeError`);
    }
  });
}

/** Names that are no names. */
export const nameCases: readonly Case<StoreFixture>[] = [
  malformedCase("get", (store, name) => store.get(name)),
  malformedCase("open", (store, name) => store.open(name)),
  malformedCase("put", (store, name) => store.put(name, sample(3))),
  malformedCase("putStream", (store, name) => store.putStream(draftOfBytes(name, sample(3)))),
  malformedCase("stat", (store, name) => store.stat(name)),
  malformedCase("delete", (store, name) => store.delete(name)),
];
