/** Milliseconds since 1970 UTC by a clock of the server's own: a test that sets that of its process does not set this one. */
export function now(): number {
  return Math.floor(performance.timeOrigin + performance.now());
}
