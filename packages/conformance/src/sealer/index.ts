import type { Case } from "../case.ts";
import { bindingCases } from "./binding.ts";
import type { SealerFixture } from "./fixture.ts";
import { keyCases } from "./keys.ts";
import { rangeCases } from "./ranges.ts";
import { roundTripCases } from "./round-trip.ts";
import { tamperingCases } from "./tampering.ts";

/** The contract of the `Sealer` port: every sealer passes all of them. */
export const sealerCases: readonly Case<SealerFixture>[] = [
  ...roundTripCases,
  ...tamperingCases,
  ...bindingCases,
  ...keyCases,
  ...rangeCases,
];
