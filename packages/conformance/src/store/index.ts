import type { Case } from "../case.ts";
import type { StoreFixture } from "./fixture.ts";
import { getCases } from "./get.ts";

/** The contract of the `Store` port: every store and every wrapper round a store passes all of them. */
export const storeCases: readonly Case<StoreFixture>[] = [...getCases];
