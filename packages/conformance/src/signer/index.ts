import type { Case } from "../case.ts";
import type { SignerFixture } from "./fixture.ts";

/** The contract of the `Signer` port. */
export const signerCases: readonly Case<SignerFixture>[] = [];
