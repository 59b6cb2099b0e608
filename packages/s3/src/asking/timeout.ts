import { type Duration, parseDuration } from "@cache/core/adapter";

/** A wait in milliseconds. @throws TypeError for one that no timer takes */
export function timeoutOf(timeout: Duration): number {
  const milliseconds = parseDuration(timeout);
  if (milliseconds > 2 ** 31 - 1) throw new TypeError("a timeout is at most 24 days");
  return milliseconds;
}
