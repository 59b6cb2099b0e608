import type { Report } from "./demonstration.ts";

const CLEAR = "\r\u001b[2K";

/** One line that changes in place on a terminal; in a pipe, nothing. */
export function progressOn(stream: NodeJS.WriteStream): { report: Report; end(): void } {
  if (!stream.isTTY || process.env.TERM === "dumb") return { report: () => {}, end: () => {} };
  let last = 0;
  let shown = false;
  return {
    report(phase, done, of) {
      const now = performance.now();
      if (done !== undefined && done !== of && now - last < 80) return;
      last = now;
      shown = true;
      stream.write(`${CLEAR}${phase}${done === undefined ? "" : ` ${done}/${of}`} …`);
    },
    end() {
      if (shown) stream.write(CLEAR);
      shown = false;
    },
  };
}
