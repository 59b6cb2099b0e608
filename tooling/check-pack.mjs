import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { readWorkspace } from "./house/workspace.mjs";
import { eachOf, root, run } from "./pack/commands.mjs";
import { checkConsumer, entryPointsOf } from "./pack/consumer.mjs";
import { packOf, withDependencies } from "./pack/tarballs.mjs";

/** @typedef {import("./house/workspace.mjs").Member} Member */

const AT_ONCE = Math.min(2, availableParallelism());
const published = readWorkspace(root).filter(({ manifest }) => manifest.private !== true);
const folder = mkdtempSync(join(tmpdir(), "pack-"));

try {
  const paths = await eachOf(AT_ONCE, published, (member) => packOf(root, member, folder));
  const tarballs = new Map(published.map((member, index) => [member, /** @type {string} */ (paths[index])]));
  const problems = await eachOf(AT_ONCE, published, (member) => problemWith(member, tarballs));
  if (problems.some((problem) => problem !== undefined)) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * @param {Member} member
 * @param {Map<Member, string>} tarballs
 * @returns {Promise<string | undefined>}
 */
async function problemWith(member, tarballs) {
  const began = performance.now();
  try {
    const tarball = /** @type {string} */ (tarballs.get(member));
    for (const script of ["lint:tarball", "lint:declarations"])
      await run(root, "pnpm", "run", "--silent", script, tarball);
    const needed = withDependencies(member, [...tarballs.keys()]).map(
      (each) => /** @type {string} */ (tarballs.get(each)),
    );
    await checkConsumer(join(folder, "consumers", member.folder), member, needed);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    console.log(`${member.name}: FAILED\n${message.replaceAll(/^/gm, "  ")}`);
    return message;
  }
  const entries = entryPointsOf(member).length;
  const took = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${member.name}: packed, linted, installed, ${entries} imported and compiled twice, ${took} s`);
  return undefined;
}
