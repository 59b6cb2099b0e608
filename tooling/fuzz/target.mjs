/**
 * A parser of bytes that others may have made, and what it promises for any of them.
 * @typedef {object} Target
 * @property {string} name
 * @property {readonly string[]} covers - the functions of the sources that it reaches, by name
 * @property {() => readonly Uint8Array[] | Promise<readonly Uint8Array[]>} seeds - inputs that the writers themselves made
 * @property {(bytes: Uint8Array) => void | Promise<void>} run - throws when a promise is broken
 * @property {readonly (string | Uint8Array)[]} [dictionary] - what inputs are made of
 * @property {number} [most] - longest input in bytes; 4096 unless said
 * @property {(length: number) => number} [room] - most bytes that may be asked for, for an input of so many
 */

/**
 * What a function of the packages that none exports publicly does. Tests read the sources, programs what was built.
 * @param {string} path - package and module: `core/bytes/unpae`
 * @returns {Promise<any>}
 */
export function internal(path) {
  const [name, ...module] = path.split("/");
  const file = process.env.VITEST === undefined ? `dist/${module.join("/")}.js` : `src/${module.join("/")}.ts`;
  return import(new URL(`../../packages/${name}/${file}`, import.meta.url).href);
}
