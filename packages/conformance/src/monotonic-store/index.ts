import type { Case } from "../case.ts";
import type { MonotonicStoreFixture } from "./fixture.ts";
import { forwardCases } from "./forward.ts";
import { rememberingCases } from "./remembering.ts";

/** The contract of the `MonotonicStore` port: every memory of what was seen passes all of them. */
export const monotonicStoreCases: readonly Case<MonotonicStoreFixture>[] = [...rememberingCases, ...forwardCases];
