import { describe } from "vitest";
import { storeCases } from "../src/index.ts";
import { provesItself } from "./matrix.ts";
import { abortFaults } from "./store-faults/aborts.ts";
import { listFaults } from "./store-faults/lists.ts";
import { metadataFaults } from "./store-faults/metadata.ts";
import { nameFaults } from "./store-faults/names.ts";
import { handleFaults, raceFaults } from "./store-faults/races.ts";
import { rangeFaults } from "./store-faults/ranges.ts";
import { readingFaults } from "./store-faults/reading.ts";
import { streamFaults } from "./store-faults/streams.ts";
import { writingFaults } from "./store-faults/writing.ts";

describe("the store cases", () => {
  provesItself(storeCases, {
    ...nameFaults,
    ...readingFaults,
    ...rangeFaults,
    ...writingFaults,
    ...streamFaults,
    ...raceFaults,
    ...handleFaults,
    ...metadataFaults,
    ...listFaults,
    ...abortFaults,
  });
});
