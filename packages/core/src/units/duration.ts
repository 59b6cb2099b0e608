/** Milliseconds, or text such as `"500ms"`, `"10m"`, `"7d"`. */
export type Duration = number | string;

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Whole milliseconds above zero. @throws TypeError for anything else */
export function parseDuration(duration: Duration): number {
  const text = typeof duration === "string" ? duration : "";
  const [, count, unit] = /^(\d+(?:\.\d+)?) ?(ms|s|m|h|d|w)$/.exec(text) ?? [];
  const value = typeof duration === "number" ? duration : Number(count) * (UNITS[unit ?? ""] ?? Number.NaN);
  const whole = Math.round(value);
  if (!Number.isSafeInteger(whole) || whole < 1) {
    const inText = 'text with a unit such as "10m" (ms, s, m, h, d, w)';
    throw new TypeError(
      typeof duration === "string"
        ? `a duration in text is ${inText}, and above zero`
        : `a duration is a number of milliseconds above zero, or ${inText}`,
    );
  }
  return whole;
}

/** Milliseconds; 0 for what was left out. @throws TypeError as {@link parseDuration} */
export function durationOrNone(duration: Duration | undefined): number {
  return duration === undefined ? 0 : parseDuration(duration);
}
