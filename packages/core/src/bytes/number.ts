const HALF = 2 ** 32;

/**
 * Writes a whole number of 0 to 2^53 - 1 in 64 bits. By division: shifts work on 32 bits, and BigInt allocates.
 * @param littleEndian - as `DataView` has it
 */
export function setUint64(view: DataView, at: number, value: number, littleEndian = false): void {
  const [high, low] = [Math.floor(value / HALF), value % HALF];
  view.setUint32(at, littleEndian ? low : high, littleEndian);
  view.setUint32(at + 4, littleEndian ? high : low, littleEndian);
}

/** A big-endian number of 64 bits. Above 2^53 it is not exact, but stays above. */
export function getUint64(view: DataView, at: number): number {
  return view.getUint32(at) * HALF + view.getUint32(at + 4);
}
