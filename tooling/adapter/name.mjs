/**
 * What a new adapter is called: `my-kv` in paths, `myKv` in functions, `MyKv` in types and in words.
 * @typedef {{ kebab: string, camel: string, pascal: string }} AdapterName
 */

const SHAPE = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/**
 * @param {string} text
 * @returns {AdapterName}
 * @throws TypeError for what cannot be a folder, a package and a function at once
 */
export function adapterName(text) {
  if (!SHAPE.test(text) || text.length > 40) {
    throw new TypeError(`"${text}" is no name for an adapter: lower-case words of letters and digits, as in my-kv`);
  }
  const pascal = text.split("-").map(capitalized).join("");
  return { kebab: text, camel: `${pascal.charAt(0).toLowerCase()}${pascal.slice(1)}`, pascal };
}

/**
 * @param {string} word
 * @returns {string}
 */
function capitalized(word) {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}
