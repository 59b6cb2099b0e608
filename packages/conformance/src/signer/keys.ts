import type { Signer, Verdict } from "@cache/core";
import { isCacheError } from "@cache/core/adapter";
import type { Case } from "../case.ts";
import { expectFailure, expectSame, expectThat, show } from "../expect.ts";
import { flipBit, sample } from "../samples.ts";
import { expectValid, expectVerdict, identityOf, type Signed, signed, signerCase } from "./bench.ts";
import type { SignerFixture } from "./fixture.ts";

const MESSAGE = sample(60);

const said = (verdict: Verdict): string =>
  verdict.verdict === "valid" ? `valid, retired: ${verdict.retired}` : verdict.verdict;

/** Whose proof it is. */
export const keyCases: readonly Case<SignerFixture>[] = [
  signerCase("verify: a key id nobody listed is unknown, and no error", async (signer) => {
    const given = await signed(signer, MESSAGE);
    const ids = Array.from({ length: 128 }, (_, bit) => flipBit(given.header.keyId, bit));
    for (const length of [0, 15, 17]) ids.push(sample(length));
    for (const keyId of [...ids, new Uint8Array(16)]) {
      const header = { ...given.header, keyId };
      await expectVerdict(signer, { ...given, header }, "unknown-key", "a proof under a key id nobody listed");
    }
  }),

  signerCase("verify: an algorithm nobody listed is unknown, and no error", async (signer) => {
    const given = await signed(signer, MESSAGE);
    for (const algorithm of [0, 3, 127, 255]) {
      const header = { ...given.header, algorithm };
      await expectVerdict(signer, { ...given, header }, "unknown-key", `a proof under algorithm ${algorithm}`);
    }
  }),

  signerCase("verify: the data does not choose the algorithm of a key", async (signer) => {
    const given = await signed(signer, MESSAGE);
    for (const algorithm of [1, 2]) {
      if (algorithm === given.header.algorithm) continue;
      for (const length of [32, 64]) {
        const switched: Signed = { ...given, header: { ...given.header, algorithm }, proof: sample(length) };
        const { verdict } = await signer.verify(switched.header, MESSAGE, switched.proof);
        expectThat(verdict === "unknown-key" || verdict === "invalid", `verdict of a switched algorithm: ${verdict}`);
      }
      const { verdict } = await signer.verify({ ...given.header, algorithm }, MESSAGE, given.proof);
      expectThat(verdict === "unknown-key" || verdict === "invalid", `verdict of a switched algorithm: ${verdict}`);
    }
  }),

  signerCase("verify: another key's proof is unknown, and invalid under one's own id", async (signer, fixture) => {
    const foreign = await signed(await fixture.other(), MESSAGE);
    await expectVerdict(signer, foreign, "unknown-key", "another key's proof");
    const { algorithm, keyId } = identityOf(signer);
    const posing = { ...foreign, header: { algorithm, keyId } };
    await expectVerdict(signer, posing, "invalid", "another key's proof under one's own id");
  }),

  signerCase("verify: a proof of a retired key holds, and is marked", async (signer, fixture) => {
    const rotated = await fixture.rotated();
    await expectValid(rotated, await signed(signer, MESSAGE), true, "a proof of a retired key");
    await expectValid(rotated, await signed(rotated, MESSAGE), false, "a proof of the current key");
  }),

  signerCase("sign: after a rotation the new key signs, for readers that have only it", async (_, fixture) => {
    const given = await signed(await fixture.rotated(), MESSAGE);
    await expectValid(await fixture.other(), given, false, "a proof of the new key");
  }),

  signerCase(
    "verify: a proof of a revoked key is said to be that, whether it holds or not",
    async (signer, fixture) => {
      const revoked = await fixture.revoked();
      const given = await signed(signer, MESSAGE);
      await expectVerdict(revoked, given, "revoked-key", "a proof of a revoked key");
      const broken = { ...given, proof: flipBit(given.proof, 0) };
      await expectVerdict(revoked, broken, "revoked-key", "a broken proof of a revoked key");
    },
  ),

  signerCase("standing: what verify says of a proof that holds, where a signer has it", async (signer, fixture) => {
    const given = await signed(signer, MESSAGE);
    const foreign = await signed(await fixture.other(), MESSAGE);
    for (const reader of [signer, await fixture.readOnly(), await fixture.rotated(), await fixture.revoked()]) {
      for (const { header, message, proof } of [given, foreign]) {
        const standing = reader.standing?.(header);
        if (standing === undefined) continue;
        const verdict = await reader.verify(header, message, proof);
        expectSame(said(standing), said(verdict), "what standing says, beside what verify says of a proof that holds");
      }
    }
  }),

  signerCase("sign: without an identity it is refused, and verifying works", async (signer, fixture) => {
    const reader: Signer = await fixture.readOnly();
    expectSame(reader.identity, undefined, "identity of a signer that only verifies");
    const error = await expectFailure(async () => reader.sign(MESSAGE), "sign without an identity");
    const refused = isCacheError(error, "ERR_CACHE_READ_ONLY");
    expectThat(refused, `sign without an identity: ${show(error)}, expected ERR_CACHE_READ_ONLY`);
    const given = await signed(signer, MESSAGE);
    await expectValid(reader, given, false, "a proof, by a signer that only verifies");
    const broken = { ...given, proof: flipBit(given.proof, 0) };
    await expectVerdict(reader, broken, "invalid", "a broken proof, by a signer that only verifies");
  }),
];
