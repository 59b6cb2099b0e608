import type { SealContext, Sealer } from "@cache/core";
import { isCacheError } from "@cache/core/adapter";
import { toHex } from "@cache/core/bytes";
import type { Case } from "../case.ts";
import { expectBytes, expectFailure, expectSame, expectThat, fail, show } from "../expect.ts";
import { sample } from "../samples.ts";
import { blob, entry, METADATA, readerOf, sealerCase } from "./bench.ts";
import type { SealerFixture } from "./fixture.ts";
import { expectNoCleanEnd, expectRefused } from "./refusal.ts";

const CONTENT = sample(1_000);

/** A context, and those that differ from it in one thing or only in where one thing ends. */
const OTHERS: readonly (readonly [string, SealContext, SealContext])[] = [
  ["another namespace", entry("key", "builds"), entry("key", "tests")],
  ["no namespace", entry("key", "builds"), entry("key", "")],
  ["another key", entry("key"), entry("kez")],
  ["a key that goes on", entry("key"), entry("key2")],
  ["a key with NUL", entry("key"), entry("key\0")],
  ["the border of namespace and key moved", entry("c", "ab"), entry("bc", "a")],
  ["the namespace moved into the key", entry("abc", ""), entry("c", "ab")],
  ["another normal form of the text", entry("\u00e9"), entry("e\u0301")],
  ["another case", entry("key"), entry("KEY")],
  ["the other kind", blob(CONTENT), { ...blob(CONTENT), kind: "entries" }],
  ["content of another digest", blob(CONTENT), blob(sample(1_000, 2))],
  ["content of another namespace", blob(CONTENT), blob(CONTENT, "tests")],
];

const ILL_FORMED: readonly (readonly [string, SealContext])[] = [
  ["a namespace of 256 bytes", entry("key", "n".repeat(256))],
  ["a namespace of 256 bytes in 128 characters", entry("key", "é".repeat(128))],
  ["a namespace with a lone surrogate", entry("key", "\ud800")],
  ["an empty key", entry("")],
  ["a key of 4097 bytes", entry("k".repeat(4097))],
  ["a digest of 31 bytes", { namespace: "builds", kind: "blobs", key: sample(31) }],
  ["a digest of 33 bytes", { namespace: "builds", kind: "blobs", key: sample(33) }],
];

/** A sealed thing opens under its own name, namespace and kind, and its stored name tells nothing. */
export const bindingCases: readonly Case<SealerFixture>[] = [
  ...OTHERS.map(([words, context, other]) =>
    sealerCase(`open: ${words} is refused`, async (sealer) => {
      const sealed = sealer.seal(context, CONTENT, METADATA);
      expectRefused(sealer, other, sealed, `what was sealed, under ${words}`);
      await expectNoCleanEnd(sealer, other, sealed, CONTENT, `what was sealed, under ${words}`);
      const opening = () => sealer.openRange(other, readerOf(sealed), sealed.length, { start: 0, end: 10 });
      if ((await opening().catch(expectCoded))?.verdict === "opened") fail(`openRange under ${words}: opened`);
    }),
  ),

  sealerCase("open: another context is mine and broken, not foreign", (sealer) => {
    const sealed = sealer.seal(entry("key"), CONTENT, METADATA);
    for (const other of [entry("other"), entry("key", "tests")]) expectBroken(sealer, other, sealed);
  }),

  sealerCase(
    "open: content that is not what its digest says is refused, though a key holder sealed it",
    async (sealer) => {
      const lying = { ...blob(CONTENT), key: sample(32) };
      // Refusing to seal it is as good as refusing to open it.
      const error = await expectFailure(
        () => sealer.open(lying, sealer.seal(lying, CONTENT, METADATA)),
        "sealing and opening content under the digest of something else",
      );
      expectThat(error instanceof Error, `what is thrown is an error (${show(error)})`);
    },
  ),

  sealerCase("names: the same for the same, 32 bytes each", async (sealer, fixture) => {
    const again = await fixture.make();
    for (const context of [entry("key"), blob(CONTENT)]) {
      const names = sealer.names(context);
      expectSame(names.length, 1, "number of names of a sealer with one key");
      expectSame(names[0]?.length, 32, "bytes of a name");
      expectBytes(again.names(context)[0], names[0] as Uint8Array, "name by another sealer of the same key");
    }
  }),

  ...OTHERS.map(([words, context, other]) =>
    sealerCase(`names: ${words} is another name`, (sealer) => {
      const [one, two] = [firstName(sealer, context), firstName(sealer, other)];
      expectThat(one !== two, `names of a context and of ${words} differ`);
    }),
  ),

  sealerCase("names: another key gives other names", async (sealer, fixture) => {
    const other = await fixture.other();
    for (const context of [entry("key"), blob(CONTENT)]) {
      expectThat(firstName(sealer, context) !== firstName(other, context), "names under two keys differ");
    }
  }),

  sealerCase("names: tell neither key nor digest", (sealer) => {
    const digest = blob(CONTENT);
    expectThat(firstName(sealer, digest) !== toHex(digest.key), "the name of content is not its digest");
    const context = entry("a key of thirty-two bytes, ASCII.");
    expectThat(firstName(sealer, context) !== toHex(context.key), "the name of an entry is not its key");
  }),

  ...ILL_FORMED.map(([words, context]) =>
    sealerCase(`names and seal: ${words} is refused`, async (sealer) => {
      await expectFailure(() => sealer.names(context), `names of ${words}`);
      await expectFailure(() => sealer.seal(context, CONTENT, METADATA), `seal of ${words}`);
    }),
  ),
];

function firstName(sealer: Sealer, context: SealContext): string {
  return toHex(sealer.names(context)[0] ?? fail("names: none, expected one"));
}

function expectBroken(sealer: Sealer, context: SealContext, sealed: Uint8Array): void {
  try {
    sealer.open(context, sealed);
  } catch (error) {
    expectCoded(error);
    return;
  }
  fail("open of my own under another context: an answer, expected an error");
}

function expectCoded(error: unknown): undefined {
  expectThat(isCacheError(error), `what is thrown is ${show(error)}, expected a CacheError`);
}
