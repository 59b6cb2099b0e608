import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { guardsIn } from "./guards.mjs";
import { PLACES, PREDICATES } from "./places.mjs";

/** @typedef {import("./guards.mjs").Guard & { readonly id: string, readonly file: string }} Step */

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * The verification steps of a file of the project, each with a name of its own.
 * @param {string} file - from the top
 * @param {string} [text]
 * @returns {Step[]}
 */
export function stepsOf(file, text = readFileSync(root + file, "utf8")) {
  return guardsIn(text, PREDICATES).map((guard) => ({ ...guard, file, id: `${file}#${guard.start}-${guard.end}` }));
}

/**
 * A source in which each step can be taken out while it runs: a condition is looked at all the same and counts for
 * nothing, a call is left out.
 * No line moves.
 * @param {string} file
 * @param {string} text
 */
export function withSwitches(file, text) {
  const cuts = stepsOf(file, text).flatMap((step) => {
    const [before, after] = aroundOf(step);
    return [
      { at: step.start, order: -step.end, text: before },
      { at: step.end, order: -step.start - text.length, text: after },
    ];
  });
  // Where one ends and the next begins the end comes first; of those that begin together the outer one does.
  cuts.sort((a, b) => a.at - b.at || a.order - b.order);
  let out = "";
  let done = 0;
  for (const cut of cuts) {
    out += text.slice(done, cut.at) + cut.text;
    done = cut.at;
  }
  return out + text.slice(done);
}

/** @param {Step} step @returns {[string, string]} */
function aroundOf({ kind, id }) {
  const call = `globalThis.__steps.${kind}(${JSON.stringify(id)}`;
  if (kind !== "checks") return [`${call}, `, ")"];
  // A block, so that an `else` behind the statement stays with the `if` before it.
  return [`{ if (${call})) try { `, ` } catch (error) { ${call}, error); } }`];
}

/** Puts the switches into the sources as the tests load them. */
export function switches() {
  return {
    name: "verification-steps",
    enforce: /** @type {const} */ ("pre"),
    /** @param {string} code @param {string} id */
    transform(code, id) {
      const file = relative(root, id.split("?")[0] ?? id);
      return isVerifying(file) ? { code: withSwitches(file, code), map: null } : undefined;
    },
  };
}

/** @param {string} file */
const isVerifying = (file) => PLACES.some(({ path }) => file.startsWith(path)) && file.endsWith(".ts");
