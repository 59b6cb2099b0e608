import { utf8 } from "@cache/core/bytes";
import { describe, expect, it } from "vitest";
import { sealerWith } from "../src/sealer.ts";
import { forge } from "./forge.ts";
import {
  blob,
  codeOf,
  entry,
  joined,
  keyring,
  native,
  opened,
  outcome,
  pattern,
  reader,
  same,
  sealer,
  spied,
  streamOutcome,
} from "./support.ts";

const content = pattern(40_000);
const other = pattern(40_001).subarray(1);
const trusting = sealerWith(native, keyring, { verifyDigest: false });
const CONTEXTS = { entry: entry("key"), content: blob(content) };

describe("a writer who holds the key and tells the truth", () => {
  for (const [words, context] of Object.entries(CONTEXTS)) {
    it(`is believed: ${words}`, async () => {
      expect(outcome(context, forge(context, content))).toBe("opened");
      expect(await streamOutcome(context, forge(context, content))).toBe("opened");
    });
  }
});

describe("a writer who holds the key and lies, so that every tag holds", () => {
  for (const [words, context] of Object.entries(CONTEXTS)) {
    it(`M14: a size that is not the body's is refused before the body: ${words}`, async () => {
      const { aead, opens } = spied(native.aead.suite(1));
      const providers = { crypto: native.crypto, aead: { ...native.aead, suite: () => aead } };
      for (const size of [0n, 39_999n, 40_001n, 40_016n, 56_400n]) {
        const forged = forge(context, content, { size });
        for (const by of [sealer, trusting, sealerWith(providers, keyring)]) {
          expect(outcome(context, forged, by)).toBe("ERR_CACHE_AUTH");
          expect(await streamOutcome(context, forged, by)).toBe("ERR_CACHE_AUTH");
        }
      }
      // Metadata, twice for each size; never a chunk of the body.
      expect(opens()).toBe(10);
    });
  }

  it("M15: an entry's digest that is not the body's is refused, whole and at the end of a stream", async () => {
    const context = entry("key");
    const forged = forge(context, content, { digest: native.crypto.sha256(utf8("other")) });
    for (const by of [sealer, trusting]) {
      expect(outcome(context, forged, by)).toBe("ERR_CACHE_AUTH");
      expect(await streamOutcome(context, forged, by)).toBe("ERR_CACHE_AUTH");
    }
  });

  it("M15: content that is not what its name and metadata say is refused, whole and at the end of a stream", async () => {
    const context = blob(content);
    const forged = forge(context, other, { digest: context.key });
    expect(outcome(context, forged)).toBe("ERR_CACHE_AUTH");
    const stream = opened(await sealer.openStream(context, reader(forged), forged.length));
    const got: Uint8Array[] = [];
    const drain = async () => {
      for await (const piece of stream.content) got.push(piece);
    };
    expect(await drain().catch(codeOf)).toBe("ERR_CACHE_AUTH");
    expect(same(Buffer.concat(got), other)).toBe(true);
  });

  it("with verifyDigest false, content is believed to be what a key holder says, and nothing else changes", async () => {
    const context = blob(content);
    const forged = forge(context, other, { digest: context.key });
    expect(same(opened(trusting.open(context, forged)).content, other)).toBe(true);
    expect(await streamOutcome(context, forged, trusting)).toBe("opened");
  });

  it("M16: content sealed under the name of other content is refused before its body", async () => {
    const promised = blob(utf8("promised"));
    const forged = forge(promised, content);
    for (const by of [sealer, trusting]) {
      expect(outcome(promised, forged, by)).toBe("ERR_CACHE_AUTH");
      await expect(by.openStream(promised, reader(forged), forged.length)).rejects.toMatchObject({
        code: "ERR_CACHE_AUTH",
      });
      const range = { start: 0, end: 1 };
      await expect(by.openRange(promised, reader(forged), forged.length, range)).rejects.toMatchObject({
        code: "ERR_CACHE_AUTH",
      });
    }
  });

  it("M16: content sealed by this very sealer under another digest never opens", async () => {
    const promised = blob(utf8("promised"));
    const sealed = sealer.seal(promised, content, { created: 1, expires: 0, sequence: 0 });
    expect(outcome(promised, sealed)).toBe("ERR_CACHE_AUTH");
    expect(outcome(blob(content), sealed)).toBe("ERR_CACHE_AUTH");
    const stream = opened(await sealer.openStream(promised, reader(sealed), sealed.length));
    await expect(joined(stream.content)).rejects.toMatchObject({ code: "ERR_CACHE_AUTH" });
  });
});
