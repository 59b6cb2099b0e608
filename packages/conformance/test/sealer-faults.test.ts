import { describe } from "vitest";
import { sealerCases } from "../src/index.ts";
import { passes, provesItself } from "./matrix.ts";
import { bindingFaults } from "./sealer-faults/bindings.ts";
import { keyFaults } from "./sealer-faults/keys.ts";
import { proofFaults } from "./sealer-faults/proofs.ts";
import { carelessFaults, rangeFaults, streamFaults } from "./sealer-faults/streams.ts";
import { toySealerFixture } from "./toy-sealer.ts";

describe("the toy sealer", () => {
  passes(sealerCases, () => toySealerFixture());
});

describe("the sealer cases", () => {
  provesItself(sealerCases, {
    ...bindingFaults,
    ...proofFaults,
    ...keyFaults,
    ...streamFaults,
    ...rangeFaults,
    ...carelessFaults,
  });
});
