import type { Case } from "../case.ts";
import { abortCases } from "./abort.ts";
import { abortMidwayCases } from "./abort-midway.ts";
import { atomicCases } from "./atomic.ts";
import { deleteCases } from "./delete.ts";
import type { StoreFixture } from "./fixture.ts";
import { getCases } from "./get.ts";
import { ifAbsentCases } from "./if-absent.ts";
import { listCases } from "./list.ts";
import { nameCases } from "./names.ts";
import { oneVersionCases } from "./one-version.ts";
import { openCases } from "./open.ts";
import { putCases } from "./put.ts";
import { putStreamCases } from "./put-stream.ts";
import { putStreamFailureCases } from "./put-stream-failures.ts";
import { reopenCases } from "./reopen.ts";
import { sizeCases } from "./sizes.ts";
import { statCases } from "./stat.ts";

/** The contract of the `Store` port: every store, and every wrapper round a store, passes all of them. */
export const storeCases: readonly Case<StoreFixture>[] = [
  ...nameCases,
  ...getCases,
  ...sizeCases,
  ...openCases,
  ...oneVersionCases,
  ...putCases,
  ...putStreamCases,
  ...putStreamFailureCases,
  ...ifAbsentCases,
  ...atomicCases,
  ...statCases,
  ...deleteCases,
  ...listCases,
  ...abortCases,
  ...abortMidwayCases,
  ...reopenCases,
];
