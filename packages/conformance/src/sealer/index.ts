import type { Case } from "../case.ts";
import type { SealerFixture } from "./fixture.ts";

/** The contract of the `Sealer` port. */
export const sealerCases: readonly Case<SealerFixture>[] = [];
