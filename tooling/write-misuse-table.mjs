// Writes which test tries which misuse into the threat model: pnpm run misuse
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { misuseTable, withTable } from "./misuse/table.mjs";
import { titlesBelow } from "./misuse/titles.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const path = `${root}docs/threat-model.md`;
const { table, untried } = misuseTable(titlesBelow(root));
writeFileSync(path, withTable(readFileSync(path, "utf8"), table));
if (untried.length > 0) {
  console.error(`no test tries ${untried.map((number) => `M${number}`).join(", ")}`);
  process.exitCode = 1;
}
