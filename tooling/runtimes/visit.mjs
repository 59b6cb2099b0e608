import { runClaims } from "./claims.mjs";
import { pack, unpack } from "./luggage.mjs";

/**
 * What one runtime came to.
 * @typedef {object} Visit
 * @property {import("./luggage.mjs").Luggage} luggage - what it wrote
 * @property {number} held - claims of the published suites
 * @property {number} read - values that other runtimes wrote
 * @property {readonly string[]} failed
 */

/**
 * Runs the published suites here, writes luggage for others, and reads theirs.
 * @param {Readonly<Record<string, import("./luggage.mjs").Luggage>>} from - by runtime
 * @returns {Promise<Visit>}
 */
export async function visit(from) {
  const { held, failed } = await runClaims();
  const wrong = [...failed];
  let read = 0;
  for (const [runtime, luggage] of Object.entries(from)) {
    try {
      read += await unpack(luggage);
    } catch (error) {
      wrong.push(`what ${runtime} wrote: ${String(error)}`);
    }
  }
  return { luggage: await pack(), held, read, failed: wrong };
}
