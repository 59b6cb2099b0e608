/** @throws TypeError for what is no whole number of at least 1 */
export function checkBound(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) throw new TypeError(`${name} is a whole number of at least 1`);
}
