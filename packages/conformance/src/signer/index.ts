import type { Case } from "../case.ts";
import type { SignerFixture } from "./fixture.ts";
import { keyCases } from "./keys.ts";
import { proofCases } from "./proofs.ts";

/** The contract of the `Signer` port: every signer passes all of them. */
export const signerCases: readonly Case<SignerFixture>[] = [...proofCases, ...keyCases];
