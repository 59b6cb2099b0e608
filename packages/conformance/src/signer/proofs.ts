import { concat } from "@cache/core/bytes";
import type { Case } from "../case.ts";
import { expectBytes, expectSame } from "../expect.ts";
import { flipBit, sample } from "../samples.ts";
import { expectValid, expectVerdict, identityOf, signed, signerCase } from "./bench.ts";
import type { SignerFixture } from "./fixture.ts";

const MESSAGE = sample(60);

/** Making and checking proofs. */
export const proofCases: readonly Case<SignerFixture>[] = [
  signerCase(
    "identity: an algorithm of one byte and a key id of sixteen, the same every time",
    async (signer, fixture) => {
      const { algorithm, keyId } = identityOf(signer);
      expectSame(
        Number.isInteger(algorithm) && algorithm > 0 && algorithm < 256,
        true,
        "whether the algorithm is a byte",
      );
      expectSame(keyId.length, 16, "bytes of the key id");
      const again = identityOf(await fixture.make());
      expectSame(again.algorithm, algorithm, "algorithm of another signer of the same key");
      expectBytes(again.keyId, keyId, "key id of another signer of the same key");
    },
  ),

  ...[0, 1, 60, 1_000, 300_000].map((length) =>
    signerCase(`sign: a proof over ${length} bytes verifies`, async (signer, fixture) => {
      const given = await signed(signer, sample(length));
      await expectValid(signer, given, false, "one's own proof");
      await expectValid(await fixture.make(), given, false, "the proof of another signer of the same key");
    }),
  ),

  signerCase("sign: leaves the message as it was, and reads only its window of a buffer", async (signer) => {
    const buffer = sample(300);
    const given = await signed(signer, buffer.subarray(100, 200));
    expectBytes(buffer, sample(300), "the buffer after a window of it was signed");
    await expectValid(signer, { ...given, message: sample(300).slice(100, 200) }, false, "the same bytes elsewhere");
  }),

  signerCase("sign: many at once do not disturb each other", async (signer) => {
    const all = await Promise.all(Array.from({ length: 32 }, (_, seed) => signed(signer, sample(100, seed))));
    await Promise.all(all.map((given) => expectValid(signer, given, false, "one of 32 proofs made at once")));
  }),

  signerCase("verify: not one flipped bit of the message is believed", async (signer) => {
    const given = await signed(signer, MESSAGE);
    for (let bit = 0; bit < MESSAGE.length * 8; bit++) {
      const message = flipBit(MESSAGE, bit);
      await expectVerdict(signer, { ...given, message }, "invalid", `a message whose bit ${bit} is flipped`);
    }
  }),

  signerCase("verify: not one flipped bit of the proof is believed", async (signer) => {
    const given = await signed(signer, MESSAGE);
    for (let bit = 0; bit < given.proof.length * 8; bit++) {
      const proof = flipBit(given.proof, bit);
      await expectVerdict(signer, { ...given, proof }, "invalid", `a proof whose bit ${bit} is flipped`);
    }
  }),

  signerCase("verify: a proof of another length is invalid, and no error", async (signer) => {
    const given = await signed(signer, MESSAGE);
    const { proof } = given;
    const others: Uint8Array[] = Array.from({ length: proof.length }, (_, length) => proof.slice(0, length));
    for (const added of [1, 16, proof.length, 100_000]) others.push(concat(proof, new Uint8Array(added)));
    for (const other of others) {
      await expectVerdict(signer, { ...given, proof: other }, "invalid", `a proof of ${other.length} bytes`);
    }
  }),

  signerCase("verify: a proof of zero bytes, or of ones, is invalid", async (signer) => {
    const given = await signed(signer, MESSAGE);
    for (const byte of [0, 255]) {
      const proof = new Uint8Array(given.proof.length).fill(byte);
      await expectVerdict(signer, { ...given, proof }, "invalid", `a proof with ${byte} in every byte`);
    }
  }),

  signerCase("verify: the message cut, extended or another is invalid", async (signer) => {
    const given = await signed(signer, MESSAGE);
    const others = [
      new Uint8Array(0),
      MESSAGE.slice(1),
      MESSAGE.slice(0, -1),
      concat(MESSAGE, Uint8Array.of(0)),
      sample(60, 2),
    ];
    for (const message of others) {
      await expectVerdict(signer, { ...given, message }, "invalid", `another message of ${message.length} bytes`);
    }
  }),
];
