/**
 * Refuses options that are no object, and names that are none: a misspelt one would leave a property out without a word.
 * @param of - what the options are of, as its user calls it
 * @throws TypeError
 */
export function checkOptions<O extends object>(of: string, options: O, names: readonly (keyof O & string)[]): void {
  if (options === null || typeof options !== "object") throw new TypeError(`the options of ${of} are an object`);
  for (const name of Object.keys(options)) {
    if (!(names as readonly string[]).includes(name)) throw new TypeError(`${of} has no option "${name}"`);
  }
}
