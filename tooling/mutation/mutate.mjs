// Takes each verification step out of the sources, one at a time, and runs the tests: every one must make some test fail.
// pnpm test:mutation [--only WORD]. Works on a copy; ends with 1 when a step is missed by all tests.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { guardsIn } from "./guards.mjs";
import { EXCUSED, PLACES } from "./places.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { values } = parseArgs({ options: { only: { type: "string", default: "" } } });

/** A copy of what git knows of, with its dependencies. */
function copyOf() {
  const copy = mkdtempSync(join(tmpdir(), "cache-mutation-"));
  const files = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  for (const file of files.split("\0").filter(Boolean)) cpSync(join(root, file), join(copy, file));
  execFileSync("pnpm", ["install", "--frozen-lockfile", "--prefer-offline"], { cwd: copy, stdio: "ignore" });
  // Tests that start other processes run what was built.
  execFileSync("pnpm", ["run", "build"], { cwd: copy, stdio: "ignore" });
  return copy;
}

/**
 * Whether some test fails.
 * @param {string} copy
 * @param {readonly string[]} projects - in this order, until one fails
 */
function isFound(copy, projects) {
  return projects.some((project) => {
    const args = [
      "exec",
      "vitest",
      "run",
      "--config",
      "tooling/vitest.config.ts",
      "--bail",
      "1",
      "--project",
      ...project.split(" "),
    ];
    // A check that is gone may let a test run without end: that is a failure, too.
    const { status } = spawnSync("pnpm", args, { cwd: copy, stdio: "ignore", timeout: 240_000 });
    return status !== 0;
  });
}

/**
 * The steps of a place that are chosen.
 * @param {string} copy
 * @param {string} folder
 */
function chosenIn(copy, folder) {
  const files = execFileSync("git", ["ls-files", folder], { cwd: root, encoding: "utf8" });
  const guards = files
    .split("\n")
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => guardsIn(join(copy, file)));
  return guards
    .map((guard) => ({ guard, file: relative(copy, guard.file) }))
    .filter(({ guard, file }) => !EXCUSED.some(({ file: at, text }) => at === file && guard.text.includes(text)))
    .map(({ guard, file }) => ({ guard, where: `${file}:${guard.line} ${guard.text}` }))
    .filter(({ where }) => where.includes(values.only));
}

/**
 * Tests that fail anyhow would find everything.
 * @param {string} copy
 * @param {readonly string[]} projects
 */
function requireSound(copy, projects) {
  for (const project of projects) {
    if (isFound(copy, [project])) throw new Error(`the tests of ${project} fail with all steps in their places`);
  }
}

const copy = copyOf();
/** @type {string[]} */
const survivors = [];
let count = 0;
try {
  const places = PLACES.map(({ folder, projects }) => ({ projects, chosen: chosenIn(copy, folder) }));
  const used = places.filter(({ chosen }) => chosen.length > 0);
  requireSound(copy, [...new Set(used.flatMap(({ projects }) => projects))]);
  for (const { projects, chosen } of used) {
    for (const { guard, where } of chosen) {
      count += 1;
      const sound = readFileSync(guard.file, "utf8");
      writeFileSync(guard.file, sound.slice(0, guard.start) + guard.without + sound.slice(guard.end));
      const found = isFound(copy, projects);
      writeFileSync(guard.file, sound);
      if (!found) survivors.push(where);
      console.log(`${found ? "found   " : "SURVIVED"} ${where}`);
    }
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
console.log(`\n${count} verification steps taken out, ${survivors.length} missed by all tests`);
for (const survivor of survivors) console.log(`  ${survivor}`);
process.exitCode = survivors.length > 0 || count === 0 ? 1 : 0;
