import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { PLACES, TESTS } from "./places.mjs";
import { withSwitches } from "./switches.mjs";

/** @typedef {import("./runner.mjs").Ran} Ran */
/** @typedef {import("./test-process.mjs").TestProcess} TestProcess */
/** @typedef {Record<string, { readonly digest: string, readonly ran: readonly Ran[] }>} Kept - by file of tests */

const root = fileURLToPath(new URL("../..", import.meta.url));
const KEPT = `${root}node_modules/.cache/verification-steps.json`;
const MOST_MILLISECONDS = 600_000;

/**
 * Runs every test once, with all steps in their places, and sees which steps refuse something in it. What was seen is kept
 * for the next time, until a source or the file of tests changes.
 * @param {TestProcess} process
 * @param {string} word - a part of the names of the files of tests that count
 * @returns {Promise<Ran[]>}
 */
export async function observe(process, word) {
  const kept = readKept();
  const sources = digestOf(
    ...new Set(PLACES.flatMap(({ path }) => filesIn(path)).map(switchedText)),
    textIn("tooling/mutation/observer.mjs"),
  );
  /** @type {Kept} */
  const seen = {};
  for (const folder of TESTS) {
    const files = filesIn(folder);
    const isTests = (/** @type {string} */ file) => file.endsWith(".test.ts");
    const helpers = files.filter((file) => !isTests(file)).map(textIn);
    for (const file of files.filter((each) => isTests(each) && each.includes(word))) {
      const digest = digestOf(sources, ...helpers, textIn(file));
      const before = kept[file];
      seen[file] = before?.digest === digest ? before : { digest, ran: await observeFile(process, file) };
      writeKept({ ...kept, ...seen });
    }
  }
  return Object.values(seen).flatMap(({ ran }) => ran);
}

/** Tests that fail as they are would find everything, so they count for nothing. @param {TestProcess} process @param {string} file */
async function observeFile(process, file) {
  const answer = await process.run({ removed: null, tests: { [file]: null } }, MOST_MILLISECONDS);
  if (answer === "endless") throw new Error(`the tests in ${file} do not end with all steps in their places`);
  const failed = answer.ran.filter(({ state }) => state === "failed").map(({ name, error }) => `${name}: ${error}`);
  for (const problem of [...failed, ...answer.broken])
    console.log(`fails with all steps in their places: ${file}: ${problem.split("\n")[0]}`);
  return answer.ran.filter(({ state }) => state === "passed");
}

/**
 * Files that git knows or would know, below a folder or that one file.
 * @param {string} path
 */
export function filesIn(path) {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", path];
  const files = execFileSync("git", args, { cwd: root, encoding: "utf8" });
  return files.split("\0").filter((file) => file.endsWith(".ts"));
}

/** @param {string} file */
const textIn = (file) => readFileSync(root + file, "utf8");
/** @param {string} file */
const switchedText = (file) => withSwitches(file, textIn(file));

/** @param {readonly string[]} texts */
const digestOf = (...texts) => createHash("sha256").update(JSON.stringify(texts)).digest("hex");

/** @returns {Kept} */
function readKept() {
  try {
    return JSON.parse(readFileSync(KEPT, "utf8"));
  } catch {
    // None yet: then everything is looked at.
    return {};
  }
}

/** @param {Kept} seen */
function writeKept(seen) {
  mkdirSync(dirname(KEPT), { recursive: true });
  // In one step: a run may be ended at any moment, and begins again where it was.
  writeFileSync(`${KEPT}.new`, JSON.stringify(seen));
  renameSync(`${KEPT}.new`, KEPT);
}
