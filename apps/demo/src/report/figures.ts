/** Bytes for people: `12.3 MB`. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** Milliseconds for people: `840 ms`, `12.34 s`. */
export function time(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds.toFixed(0)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
}

/** How many times faster than the first: `34.1×`. */
export function ratio(first: number, milliseconds: number): string {
  return `${(first / milliseconds).toFixed(1)}×`;
}
