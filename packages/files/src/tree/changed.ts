/** For something that is not what it was a moment ago. @param path - below the root; empty for the root */
export const changed = (path: string, cause?: unknown): TypeError =>
  new TypeError(`${path || "what is kept"} changed while it was read`, { cause });
