const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/** `1.5 MiB`, for people. */
export function sizeText(bytes: number): string {
  const step = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** step;
  return `${step === 0 ? value : value.toFixed(1)} ${UNITS[step]}`;
}

/** `2026-01-31 13:05`, in UTC. What others signed may be later than any date (ECMA-262). */
export function timeText(milliseconds: number): string {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? `${milliseconds} ms` : date.toISOString().slice(0, 16).replace("T", " ");
}
