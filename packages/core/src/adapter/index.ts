/**
 * What an adapter needs besides the ports: one way to fail, one way to collect a draft; and what an adapter of another library's
 * interface to a cache needs: times to live, and work on many keys.
 * @packageDocumentation
 */

export { publishFile } from "#host";
export { forEachLimited } from "../cache/limited.ts";
export { refusalOf } from "../cache/verdicts.ts";
export type { CacheErrorCode } from "../errors.ts";
export { CacheError, isCacheError } from "../errors.ts";
export type * from "../ports/leases.ts";
export type * from "../ports/monotonic-store.ts";
export type * from "../ports/store.ts";
export { inTime } from "../timing/countdown.ts";
export { type Duration, parseDuration } from "../units/duration.ts";
export { parseSize, type Size } from "../units/size.ts";
export { looksLikeKey, withoutKeys } from "../without-keys.ts";
export { checkOptions } from "./check-options.ts";
export { deleteKeys } from "./delete-keys.ts";
export { collectDraft } from "./draft.ts";
export { parseName } from "./name.ts";
export { notify } from "./notify.ts";
export { RecentMap } from "./recent-map.ts";
export { parentsOf, pathProblem } from "./relative-path.ts";
export { storeError } from "./store-error.ts";
export { timeLeft } from "./time-left.ts";
