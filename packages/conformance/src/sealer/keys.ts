import type { Opened, SealContext, Sealer } from "@cache/core";
import { toHex } from "@cache/core/bytes";
import type { Case } from "../case.ts";
import { expectBytes, expectSame, expectThat } from "../expect.ts";
import { sample } from "../samples.ts";
import { blob, entry, expectForeign, expectOpened, METADATA, readerOf, sealerCase } from "./bench.ts";
import type { SealerFixture } from "./fixture.ts";

const CONTENT = sample(1_000);

/** The verdicts of all three ways to open. */
async function openings(
  sealer: Sealer,
  context: SealContext,
  sealed: Uint8Array,
): Promise<(Opened<object> | undefined)[]> {
  const range = { start: 0, end: 10 };
  return [
    sealer.open(context, sealed),
    await sealer.openStream(context, readerOf(sealed), sealed.length),
    await sealer.openRange(context, readerOf(sealed), sealed.length, range),
  ];
}

/** Several keys: other people's, retired ones, revoked ones. */
export const keyCases: readonly Case<SealerFixture>[] = [
  sealerCase("open: what another key sealed is foreign, and no error", async (sealer, fixture) => {
    const other = await fixture.other();
    for (const context of [entry("key"), blob(CONTENT)]) {
      const sealed = sealer.seal(context, CONTENT, METADATA);
      for (const opened of await openings(other, context, sealed)) {
        expectForeign(opened, "ERR_CACHE_UNKNOWN_KEY", "opening what another key sealed");
      }
    }
  }),

  sealerCase("open: what a revoked key sealed is foreign, and said to be revoked", async (sealer, fixture) => {
    const revoked = await fixture.revoked();
    for (const context of [entry("key"), blob(CONTENT)]) {
      const sealed = sealer.seal(context, CONTENT, METADATA);
      for (const opened of await openings(revoked, context, sealed)) {
        expectForeign(opened, "ERR_CACHE_REVOKED_KEY", "opening what a revoked key sealed");
      }
    }
  }),

  sealerCase("open: what a retired key sealed opens, and is marked", async (sealer, fixture) => {
    const rotated = await fixture.rotated();
    const context = entry("key");
    const sealed = sealer.seal(context, CONTENT, METADATA);
    for (const opened of await openings(rotated, context, sealed)) {
      expectSame(expectOpened(opened, "opening what a retired key sealed").retired, true, "retired");
    }
    const content = expectOpened(rotated.open(context, sealed), "open").content;
    expectBytes(content, CONTENT, "content that a retired key sealed");
  }),

  sealerCase("open: what the current key sealed is not marked retired", async (sealer, fixture) => {
    const context = entry("key");
    for (const each of [sealer, await fixture.rotated()]) {
      for (const opened of await openings(each, context, each.seal(context, CONTENT, METADATA))) {
        expectSame(expectOpened(opened, "opening what the current key sealed").retired, false, "retired");
      }
    }
  }),

  sealerCase("open: tells the key that inspect tells, another for another key", async (sealer, fixture) => {
    const [context, rotated] = [entry("key"), await fixture.rotated()];
    const [old, current] = [sealer.seal(context, CONTENT, METADATA), rotated.seal(context, CONTENT, METADATA)];
    const ids = [old, current].map((sealed) => {
      const { keyId } = expectOpened(rotated.open(context, sealed), "open");
      expectBytes(rotated.inspect(sealed)?.keyId, keyId, "key id of inspect, against the one of open");
      return toHex(keyId);
    });
    expectThat(ids[0] !== ids[1], "key ids of two keys differ");
  }),

  sealerCase("seal: after a rotation the new key writes, for readers that have only it", async (_, fixture) => {
    const [rotated, other, context] = [await fixture.rotated(), await fixture.other(), entry("key")];
    const sealed = rotated.seal(context, CONTENT, METADATA);
    expectBytes(expectOpened(other.open(context, sealed), "open").content, CONTENT, "content that the new key sealed");
  }),

  sealerCase("names: after a rotation the new key's name, then the retired key's", async (sealer, fixture) => {
    const [rotated, other] = [await fixture.rotated(), await fixture.other()];
    for (const context of [entry("key"), blob(CONTENT)]) {
      const expected = [...other.names(context), ...sealer.names(context)].map(toHex);
      expectSame(rotated.names(context).map(toHex).join(), expected.join(), "names after a rotation");
    }
  }),

  sealerCase("names: none of a revoked key", async (sealer, fixture) => {
    const revoked = await fixture.revoked();
    const names = revoked.names(entry("key")).map(toHex);
    const gone = sealer.names(entry("key")).map(toHex);
    expectThat(names.length > 0 && !names.some((name) => gone.includes(name)), "names leaves out a revoked key's");
  }),

  sealerCase("inspect: tells the state of the key from the first bytes alone", async (sealer, fixture) => {
    const prefix = sealer.seal(entry("key"), CONTENT, METADATA).slice(0, 100);
    expectSame(sealer.inspect(prefix)?.state, "readable", "state of one's own key");
    expectSame((await fixture.rotated()).inspect(prefix)?.state, "readable", "state of a retired key");
    expectSame((await fixture.other()).inspect(prefix)?.state, "unknown", "state of another key");
    expectSame((await fixture.revoked()).inspect(prefix)?.state, "revoked", "state of a revoked key");
  }),

  sealerCase("inspect: what does not claim to be sealed is undefined", (sealer) => {
    const sealed = sealer.seal(entry("key"), CONTENT, METADATA);
    const others = [new Uint8Array(0), sealed.slice(0, 1), new Uint8Array(300), sample(300), sealed.slice(1, 300)];
    for (const bytes of others) expectSame(sealer.inspect(bytes), undefined, `inspect of ${bytes.length} other bytes`);
  }),
];
