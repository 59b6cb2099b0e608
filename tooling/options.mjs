import { parseArgs } from "node:util";

/**
 * The options that a script was given. `--help`, and wrong use with exit code 2, print how it is used, and end the process.
 * @template {NonNullable<import("node:util").ParseArgsConfig["options"]>} O
 * @param {string} usage
 * @param {O} options
 */
export function optionsOf(usage, options) {
  try {
    const { values } = parseArgs({ options: { ...options, help: { type: "boolean", short: "h" } } });
    if (/** @type {{ help?: boolean }} */ (values).help !== true) return values;
    console.log(`usage: ${usage}`);
    process.exit(0);
  } catch (error) {
    refuse(usage, /** @type {Error} */ (error).message);
  }
}

/**
 * Ends the process because of wrong use.
 * @param {string} usage
 * @param {string} why
 * @returns {never}
 */
export function refuse(usage, why) {
  console.error(`${why}\nusage: ${usage}`);
  process.exit(2);
}
