import type { ProofHeader, Signer, SigningIdentity, Verdict } from "@cache/core";
import type { Case } from "../case.ts";
import { expectSame, fail } from "../expect.ts";
import type { SignerFixture } from "./fixture.ts";

/** A signer case on a fresh signer of the fixture. */
export function signerCase(
  name: string,
  claim: (signer: Signer, fixture: SignerFixture) => Promise<void>,
): Case<SignerFixture> {
  return { name, run: async (fixture) => claim(await fixture.make(), fixture) };
}

/** What a signer that signs signs with. */
export function identityOf(signer: Signer): SigningIdentity {
  return signer.identity ?? fail("identity: undefined, expected the key that signs");
}

/** A proof, and the header that says whose it is. */
export interface Signed {
  readonly header: ProofHeader;
  readonly message: Uint8Array;
  readonly proof: Uint8Array;
}

/** A message signed, with the header a record of it would carry. */
export async function signed(signer: Signer, message: Uint8Array): Promise<Signed> {
  const { algorithm, keyId } = identityOf(signer);
  return { header: { algorithm, keyId }, message, proof: await signer.sign(message) };
}

/** Fails unless the verdict is this one; verifying must not throw either. */
export async function expectVerdict(
  signer: Signer,
  { header, message, proof }: Signed,
  expected: Verdict["verdict"],
  what: string,
): Promise<Verdict> {
  let verdict: Verdict;
  try {
    verdict = await signer.verify(header, message, proof);
  } catch (error) {
    return fail(`verify of ${what}: threw, expected the verdict "${expected}"`, error);
  }
  expectSame(verdict.verdict, expected, `verdict of ${what}`);
  return verdict;
}

/** Fails unless the proof holds and `retired` is as said. */
export async function expectValid(signer: Signer, given: Signed, retired: boolean, what: string): Promise<void> {
  const verdict = await expectVerdict(signer, given, "valid", what);
  if (verdict.verdict === "valid") expectSame(verdict.retired, retired, `retired of ${what}`);
}
