import { pae, toHex, utf8 } from "@cache/core/bytes";
import { describe, expect, it } from "vitest";
import type { Suite } from "../src/index.ts";
import { sealerWith } from "../src/sealer.ts";
import {
  blob,
  bytes,
  entry,
  keyring,
  master,
  metadata,
  opened,
  pattern,
  providers,
  range,
  scripted,
} from "./support.ts";

const content = utf8("hello, cache\n");

const ENVELOPES: Readonly<Record<Suite, string>> = {
  1:
    "8943454e560d0a1a01010000000000aa83ac1d850e2e8ea594e08bbee3717603303132333435363738393a3b3c3d3e3f" +
    "404142434445464715bba2ee9c9dbb926afadee9999618dc7ecca08671576d9bc8b0b2985327c23758e5f2ddcde21421" +
    "50ce0503397e4ec9478b304ccdae3db73dbd2a216e3ac1b33fe16ccec286191e6c73da5a1888a637136eac2913df22fd" +
    "6c87e6f7d1f2393d5bd0f1fc13fcb1db18502a7f577d1edf218453e41cd0f34418450b252d6642a3f0af4de87c832679" +
    "303c5ad9879c4b45b3d2909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a74fb294f71a5628adad57ba56f5dc" +
    "c7f18906108acc6b57492a2cbb1d580722fe02e48d1b96a7836e8850933a98c3f82c88e1d5fc825278d918576a90f2",
  2:
    "8943454e560d0a1a01020000000000aa83ac1d850e2e8ea594e08bbee3717603303132333435363738393a3b3c3d3e3f" +
    "4041424344454647d74a3a7ab45632db686976e5f53b4dda366869c20970e0b4d81c1beb5e30607adfce66574dc65b46" +
    "aaffea0d5482bbd83154884d4642be51c5f07a8a39a2fc9501ab70aac411381fd6ad34450b8548ce1353b08804fb39ed" +
    "d19202a5a5c8c050f6a680c6ff5bc4ee1ed28c740f9dcbfad15f8c89be1ac7a2d1c0bd2d66da23b7ee4e639dc5a12e37" +
    "5d0e0e6d7d1e1a4be8eb909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7bca5edcca4164e7f72bf8b0cf66e" +
    "25430eb5183d6c9b2f8107fc104a6013ed2dad2e8f18a1dc267edef398b468faa267865d81b4884b92652927ce4ac4",
};

const LONGER: readonly [size: number, length: number, digest: string][] = [
  [0, 274, "45ae128493fd898b274e6cb3f4d018f050769dff533ea3f657465b79ac7637af"],
  [16383, 16657, "8073630f8414c0ebb31da4f2225076b9aacf0ef4bd6e292b77813692fa200b67"],
  [16384, 16674, "dc4313a835a3989f4c8dc480c380dc8e671814429ce9533c430af6abc7a789d0"],
  [16385, 16675, "6dee3da88c54293ff79a84a71ea5bc97c3456fbf86b1beb637663bf642b4be5b"],
  [40000, 40306, "815c383891af2ea6712b3e9be7a733a94c292a7278f9c5449738847b8edc1258"],
];

/** Body key, metadata salt and body salt of the known answers. */
const RANDOM = [range(0x60, 32), range(0x30, 24), range(0x90, 24)];

describe("known answers of the format document", () => {
  it("the key id and M50: three subkeys that are not each other", () => {
    expect(toHex(master.id)).toBe("83ac1d850e2e8ea594e08bbee3717603");
    expect((["envelope", "address", "hmac-sign"] as const).map((purpose) => toHex(master.subkey(purpose)))).toEqual([
      "630acef121adae407dfc855402c3d1c479e00e319a440465925e0163d7c77ca3",
      "f7f9560d4a529f2692d02af6e01ab91e2001cb3f7eb20ebd39ad13ca0d776b5d",
      "6c7d7b34309086907f635dbd78cde25f340038f4925446b861aa5fe5d9fa2cb1",
    ]);
  });

  it("the pieces that an address is made of", () => {
    expect(toHex(pae("cache/v1/address", "builds", Uint8Array.of(1), blob(content).key))).toBe(
      "0400000000000000100000000000000063616368652f76312f6164647265737306000000000000006275696c6473" +
        "01000000000000000120000000000000007218e1c69c197e5c1dfd05d6e20f0ae307a74cd4d210b56c5a7d7a1f7ae5a206",
    );
  });
});

for (const { crypto, aead, name } of providers) {
  describe(`known answers of the format document, by ${name}`, () => {
    const reading = sealerWith({ crypto, aead }, keyring);
    const writing = (suite: Suite) => sealerWith({ crypto: scripted(crypto, ...RANDOM), aead }, keyring, { suite });

    it("addresses of both kinds", () => {
      expect(reading.names(blob(content)).map(toHex)).toEqual([
        "65ed946fa806fcf47936c821970d4ef44c4c3fb10bee6feeef94f2e6c6f26119",
      ]);
      expect(reading.names(entry("src/main.ts")).map(toHex)).toEqual([
        "cf96dd7f77eeeffa2d1e35363f263e11e8c3f9c44214971fb86afb7f84284ff8",
      ]);
    });

    for (const suite of [1, 2] as const) {
      it(`the envelope of suite ${suite}, made and opened`, () => {
        expect(toHex(writing(suite).seal(blob(content), content, metadata))).toBe(ENVELOPES[suite]);
        const answer = opened(reading.open(blob(content), bytes(ENVELOPES[suite])));
        expect(answer).toEqual({ verdict: "opened", keyId: master.id, retired: false, content, metadata });
      });

      it(`the envelope of suite ${suite}, made as a stream`, async () => {
        const stream = writing(suite).sealStream("builds", once(content), metadata);
        const body: number[] = [];
        for await (const piece of stream.body) body.push(...piece);
        expect(toHex(stream.finish().head) + toHex(Uint8Array.from(body))).toBe(ENVELOPES[suite]);
      });
    }

    it("M22: contents round the borders of chunks: round trip, exact length, and SHA-256 of the file", () => {
      for (const [size, length, digest] of LONGER) {
        const data = pattern(size);
        const sealed = writing(1).seal(blob(data), data, metadata);
        expect([sealed.byteLength, toHex(crypto.sha256(sealed))]).toEqual([length, digest]);
        expect(opened(reading.open(blob(data), sealed)).content).toEqual(data);
      }
    });
  });
}

async function* once(data: Uint8Array): AsyncGenerator<Uint8Array> {
  yield data;
}
