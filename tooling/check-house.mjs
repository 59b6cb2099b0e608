import { fileURLToPath } from "node:url";
import { checkArrows } from "./house/arrows.mjs";
import { checkComparisons } from "./house/comparisons.mjs";
import { checkCycles } from "./house/cycles.mjs";
import { checkEngines } from "./house/engines.mjs";
import { checkLockfile } from "./house/lockfile.mjs";
import { checkManifests } from "./house/manifests.mjs";
import { checkPortable } from "./house/portable.mjs";
import { checkTopLevel, checkTopManifest } from "./house/root.mjs";
import { checkSizes } from "./house/sizes.mjs";
import { readWorkspace } from "./house/workspace.mjs";

const root = process.argv[2] ?? fileURLToPath(new URL("..", import.meta.url));
const members = readWorkspace(root);

const checks = {
  "top level": checkTopLevel,
  "top manifest": checkTopManifest,
  lockfile: checkLockfile,
  engines: checkEngines,
  manifests: checkManifests,
  arrows: checkArrows,
  cycles: checkCycles,
  portable: checkPortable,
  comparisons: checkComparisons,
  sizes: checkSizes,
};

let problems = 0;
for (const [name, check] of Object.entries(checks)) {
  const findings = check(root, members);
  problems += findings.length;
  console.log(`${name}: ${findings.length === 0 ? "as the house wants it" : `${findings.length} to mend`}`);
  for (const { file, line, message } of findings)
    console.log(`  ${file}${line === undefined ? "" : `:${line}`}  ${message}`);
}
if (problems > 0) process.exitCode = 1;
