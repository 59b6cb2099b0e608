// Runs the portable packages on every runtime that can be had here: pnpm test:runtimes [--only NAME]
// Others than this Node come from npm (npx), Chromium from the machine. Ends with 1 when anything fails, and says what was left out.
import { fileURLToPath } from "node:url";
import { optionsOf } from "../options.mjs";
import { findChromium, visitInChromium } from "./chromium.mjs";
import { run } from "./command.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PORTABLE = ["core", "memory", "metrics", "crypto-envelope", "signer", "conformance", "s3", "redis"];
const VITEST = ["node_modules/vitest/vitest.mjs", "run", "--config", "tooling/vitest.config.ts"];
const VISIT = "tooling/runtimes/programs/visit.mjs";

/** Each as it runs a file. @type {Readonly<Record<string, readonly string[]>>} */
const RUNTIMES = {
  "this Node": [process.execPath],
  "Node 22": ["npx", "--yes", "-p", "node@22", "node"],
  "Node 24": ["npx", "--yes", "-p", "node@24", "node"],
  Bun: ["npx", "--yes", "bun", "--bun"],
  Deno: ["npx", "--yes", "deno", "run", "-A"],
};

/** @typedef {{ readonly name: string, readonly version: string, readonly tests: string, readonly visit: () => Promise<string> }} Host */

const values = optionsOf("pnpm test:runtimes [--only NAME]", { only: { type: "string" } });
/** @type {Record<string, import("./luggage.mjs").Luggage>} */
const luggage = {};
const rows = [];
const failures = [];

const hosts = [];
for (const [name, command] of Object.entries(RUNTIMES)) {
  if ((values.only ?? name) !== name) continue;
  const host = await hostOf(name, command);
  if (host === undefined) console.log(`left out ${name}: it cannot be installed here`);
  else hosts.push(host);
}
const chromium = (values.only ?? "Chromium") === "Chromium" ? await findChromium() : undefined;
if (chromium !== undefined) {
  const visit = () => visitInChromium(chromium.program, luggageFor("Chromium"));
  hosts.push({ name: "Chromium", version: chromium.version, tests: "the published suites only", visit });
} else if (values.only === undefined) console.log("left out Chromium: it is not installed here");

// The first of them reads at its end what the last one wrote: so each reads what every other has written.
for (const host of [...hosts, ...hosts.slice(0, -1)]) {
  const again = luggage[host.name] !== undefined;
  if (process.stderr.isTTY) process.stderr.write(`${host.name} …\n`);
  const { held, read, failed, luggage: packed } = await visitOf(host);
  luggage[host.name] = packed;
  failures.push(...failed.map((each) => `${host.name}: ${each}`));
  if (!again) rows.push({ ...host, held, read });
  else for (const row of rows) if (row.name === host.name) row.read = read;
}

console.log(
  [
    "| runtime | version | tests | claims of the published suites | values read that others wrote |",
    "|---|---|---|---|---|",
  ]
    .concat(
      rows.map(({ name, version, tests, held, read }) => `| ${name} | ${version} | ${tests} | ${held} | ${read} |`),
    )
    .join("\n"),
);
for (const failure of failures) console.log(failure);
console.log(failures.length === 0 && rows.length > 0 ? "ALIKE EVERYWHERE" : "NOT ALIKE EVERYWHERE");
process.exitCode = failures.length === 0 && rows.length > 0 ? 0 : 1;

/** @param {string} name @param {readonly string[]} command @returns {Promise<Host | undefined>} */
async function hostOf(name, command) {
  const versioned = await run([...command.filter((word) => !["run", "-A", "--bun"].includes(word)), "--version"], {
    cwd: ROOT,
  });
  if (versioned.code !== 0) return undefined;
  const version =
    versioned.out
      .trim()
      .split("\n")[0]
      ?.replace(/^[^\d]*/, "")
      .split(" ")[0] ?? "";
  if (process.stderr.isTTY) process.stderr.write(`${name} ${version}: tests …\n`);
  const projects = PORTABLE.flatMap((project) => ["--project", project]);
  const { code, out, err } = await run([...command, ...VITEST, ...projects, "--reporter=json", "--silent"], {
    cwd: ROOT,
  });
  const tests = summaryOf(out);
  if (code !== 0) failures.push(`${name}: ${tests ?? err.slice(-2000)}`);
  const visit = async () => {
    const visited = await run([...command, VISIT], { cwd: ROOT, input: luggageFor(name) });
    if (visited.code !== 0) throw new Error(visited.err.slice(-2000));
    return visited.out;
  };
  return { name, version, tests: tests ?? "none ran", visit };
}

/** What all others wrote. @param {string} name */
function luggageFor(name) {
  return JSON.stringify(Object.fromEntries(Object.entries(luggage).filter(([from]) => from !== name)));
}

/** @param {string} out @returns {string | undefined} */
function summaryOf(out) {
  const json = out.split("\n").find((line) => line.startsWith("{"));
  if (json === undefined) return undefined;
  const { numPassedTests: passed, numFailedTests: failed } = JSON.parse(json);
  return failed === 0 ? `${passed} passed` : `${passed} passed, ${failed} failed`;
}

/** @param {Host} host @returns {Promise<import("./visit.mjs").Visit>} */
async function visitOf(host) {
  try {
    return JSON.parse(await host.visit());
  } catch (error) {
    return { luggage: {}, held: 0, read: 0, failed: [String(error)] };
  }
}
