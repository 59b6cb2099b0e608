/**
 * The published suite imports the assertions of a build tool that it does not bring along. These are the same assertions.
 * @param {string} specifier
 * @param {object} context
 * @param {(specifier: string, context: object) => unknown} next
 * @returns {unknown}
 */
export function resolve(specifier, context, next) {
  return next(specifier === "aegir/chai" ? new URL("assertions.mjs", import.meta.url).href : specifier, context);
}
