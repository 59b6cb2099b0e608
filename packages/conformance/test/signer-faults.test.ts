import type { ProofHeader, Signer, SigningIdentity, Standing, Verdict } from "@cache/core";
import { concat, toHex } from "@cache/core/bytes";
import { describe } from "vitest";
import { type SignerFixture, signerCases } from "../src/index.ts";
import { type Fault, type Faults, passes, provesItself } from "./matrix.ts";
import { A, toySigner, toySignerFixture } from "./toy-signer.ts";

type Role = keyof SignerFixture;

/** The toy with some of it replaced. */
function planted(fails: RegExp, fault: (signer: Signer, role: Role) => Partial<Signer>): Fault<SignerFixture> {
  return { fails, fixture: () => toySignerFixture((signer, role) => ({ ...signer, ...fault(signer, role) })) };
}

/** As {@link planted}, where only what verify is given or answers is at fault. */
function verifying(
  fails: RegExp,
  fault: (verify: Verify, header: ProofHeader, message: Uint8Array, proof: Uint8Array) => Verdict,
): Fault<SignerFixture> {
  return planted(fails, (signer) => ({
    verify: (header, message, proof) => fault(signer.verify as Verify, header, message, proof),
  }));
}
type Verify = (header: ProofHeader, message: Uint8Array, proof: Uint8Array) => Verdict;

const own = (signer: Signer) => signer.identity as SigningIdentity;

const faults: Faults<SignerFixture> = {
  "believes everything": verifying(
    /^verify: (not one|a proof of (another|zero)|the message|a key id|an algorithm|the data|another key|a proof of a revoked)/,
    () => ({ verdict: "valid", retired: false }),
  ),
  "believes nothing": verifying(/^sign: (a proof|leaves|many|after)/, (verify, ...given) => {
    const verdict = verify(...given);
    return verdict.verdict === "valid" ? { verdict: "invalid" } : verdict;
  }),
  "covers only the first 32 bytes of a message": planted(
    /^verify: (not one flipped bit of the message|the message cut)/,
    (signer) => ({
      sign: (message) => signer.sign(message.subarray(0, 32)),
      verify: (header, message, proof) => signer.verify(header, message.subarray(0, 32), proof),
    }),
  ),
  "compares only the first half of a proof": verifying(
    /^verify: not one flipped bit of the proof/,
    (verify, header, message, proof) => {
      const right = toySigner([{ secret: A, state: "active" }]).sign(message) as Uint8Array;
      const half = proof.length === 32 && toHex(right).startsWith(toHex(proof.subarray(0, 16)));
      return verify(header, message, half ? right : proof);
    },
  ),
  "believes a proof that was cut": verifying(/^verify: a proof of another length/, (verify, header, message, proof) => {
    const right = toySigner([{ secret: A, state: "active" }]).sign(message) as Uint8Array;
    return verify(header, message, proof.length > 0 && toHex(right).startsWith(toHex(proof)) ? right : proof);
  }),
  "believes a proof with bytes behind it": verifying(
    /^verify: a proof of another length/,
    (verify, header, message, proof) => verify(header, message, proof.subarray(0, 32)),
  ),
  "throws for a proof of another length": verifying(
    /^verify: a proof of another length/,
    (verify, header, message, proof) => {
      if (proof.length !== 32) throw new RangeError("lengths differ");
      return verify(header, message, proof);
    },
  ),
  "takes a proof of zeros for none needed": verifying(/^verify: a proof of zero/, (verify, header, message, proof) =>
    proof.every((byte) => byte === 0) ? { verdict: "valid", retired: false } : verify(header, message, proof),
  ),
  "calls an unknown key invalid": verifying(/^verify: (a key id nobody|another key's)/, (verify, ...given) => {
    const verdict = verify(...given);
    return verdict.verdict === "unknown-key" ? { verdict: "invalid" } : verdict;
  }),
  "throws for an unknown key": verifying(/^verify: (a key id nobody|an algorithm nobody)/, (verify, ...given) => {
    const verdict = verify(...given);
    if (verdict.verdict === "unknown-key") throw new Error("unknown key");
    return verdict;
  }),
  "looks at the first bytes of a key id": planted(/^verify: a key id nobody/, (signer) => ({
    verify: ({ algorithm, keyId }, message, proof) => {
      const { keyId: mine } = own(signer) ?? { keyId };
      const close = toHex(keyId).slice(0, 8) === toHex(mine).slice(0, 8);
      return signer.verify({ algorithm, keyId: close ? mine : keyId }, message, proof);
    },
  })),
  "never looks at the algorithm": verifying(
    /^verify: (an algorithm nobody|the data does not)/,
    (verify, header, ...rest) => verify({ ...header, algorithm: 1 }, ...rest),
  ),
  "calls an unlisted algorithm invalid": verifying(/^verify: an algorithm nobody/, (verify, header, ...rest) =>
    header.algorithm === 1 ? verify(header, ...rest) : { verdict: "invalid" },
  ),
  "tries every key it has, whatever the id": verifying(
    /^verify: (a key id nobody|another key's)/,
    (verify, { algorithm }, ...rest) =>
      verify({ algorithm, keyId: own(toySigner([{ secret: A, state: "active" }])).keyId }, ...rest),
  ),
  "does not mark a retired key": verifying(/^verify: a proof of a retired/, (verify, ...given) => {
    const verdict = verify(...given);
    return verdict.verdict === "valid" ? { verdict: "valid", retired: false } : verdict;
  }),
  "marks every key retired": verifying(/^sign: a proof over/, (verify, ...given) => {
    const verdict = verify(...given);
    return verdict.verdict === "valid" ? { verdict: "valid", retired: true } : verdict;
  }),
  "believes a revoked key": verifying(/^verify: a proof of a revoked/, (verify, ...given) => {
    const verdict = verify(...given);
    return verdict.verdict === "revoked-key" ? { verdict: "valid", retired: true } : verdict;
  }),
  "calls a revoked key unknown": verifying(/^verify: a proof of a revoked/, (verify, ...given) => {
    const verdict = verify(...given);
    return verdict.verdict === "revoked-key" ? { verdict: "unknown-key" } : verdict;
  }),
  "has not heard that a key was revoked, when asked of the key alone": planted(/^standing/, (_, role) =>
    role === "revoked" ? { standing: () => ({ verdict: "valid", retired: false }) } : {},
  ),
  "does not say of a key alone that it is retired": planted(/^standing/, () => ({
    standing: () => ({ verdict: "valid", retired: false }),
  })),
  "knows every key, when asked of the key alone": planted(/^standing/, (signer) => ({
    standing(header) {
      const standing = signer.standing?.(header) as Standing;
      return standing.verdict === "unknown-key" ? { verdict: "valid", retired: false } : standing;
    },
  })),
  "goes on signing with the retired key": planted(/^sign: after a rotation/, (_, role) =>
    role === "rotated" ? toySigner([{ secret: A, state: "active" }]) : {},
  ),
  "signs without an identity": planted(/^sign: without an identity/, (_, role) =>
    role === "readOnly" ? { sign: () => new Uint8Array(32) } : {},
  ),
  "refuses to sign with an error of no code": planted(/^sign: without an identity/, (_, role) =>
    role === "readOnly"
      ? {
          sign() {
            throw new Error("cannot sign");
          },
        }
      : {},
  ),
  "has an identity though it only verifies": planted(/^sign: without an identity/, (signer, role) =>
    role === "readOnly" ? { identity: { algorithm: 1, keyId: new Uint8Array(16) }, sign: signer.sign } : {},
  ),
  "has a key id of 8 bytes": planted(/^identity/, (signer) =>
    signer.identity ? { identity: { algorithm: 1, keyId: signer.identity.keyId.slice(0, 8) } } : {},
  ),
  "calls its algorithm 0": planted(/^identity/, (signer) => ({
    identity: signer.identity && { ...signer.identity, algorithm: 0 },
    verify: ({ algorithm, keyId }, message, proof) =>
      signer.verify({ algorithm: algorithm === 0 ? 1 : 0, keyId }, message, proof),
  })),
  "overwrites the message": planted(/^sign: leaves the message/, (signer) => ({
    sign(message) {
      const proof = signer.sign(message);
      message.fill(0);
      return proof;
    },
  })),
  "signs the whole buffer under a window": planted(/^sign: leaves the message/, (signer) => ({
    sign: (message) => signer.sign(new Uint8Array(message.buffer)),
    verify: (header, message, proof) => signer.verify(header, new Uint8Array(message.buffer), proof),
  })),
  "keeps the message of the latest call": planted(/^sign: many at once/, (signer) => {
    let latest: Uint8Array = new Uint8Array(0);
    return {
      async sign(message) {
        latest = message;
        await Promise.resolve();
        return signer.sign(latest);
      },
    };
  }),
  "adds the missing byte of a short message": planted(/^verify: the message cut/, (signer) => ({
    sign: (message) => signer.sign(concat(message, Uint8Array.of(0)).subarray(0, 61)),
    verify: (header, message, proof) => signer.verify(header, concat(message, Uint8Array.of(0)).subarray(0, 61), proof),
  })),
};

describe("the toy signer", () => {
  passes(signerCases, () => toySignerFixture());
});

describe("the signer cases", () => {
  provesItself(signerCases, faults);
});
