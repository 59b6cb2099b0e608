// Fuzzes some targets one after the other and prints a line of JSON for each. Started with --import ./instrument/register.mjs,
// since only what is loaded after that counts.
import { parseArgs } from "node:util";
import { Fuzzer } from "./engine/fuzzer.mjs";
import { watchdog } from "./engine/watchdog.mjs";
import { keepCorpus, keptInputs } from "./kept.mjs";

const { values } = parseArgs({
  options: {
    module: { type: "string", default: "./targets.mjs" },
    targets: { type: "string", default: "" },
    runs: { type: "string", default: "Infinity" },
    seconds: { type: "string", default: "Infinity" },
    findings: { type: "string", default: "8" },
    seed: { type: "string", default: "1" },
    last: { type: "string", default: "" },
    patience: { type: "string", default: "20" },
    distil: { type: "boolean", default: false },
  },
});

/** @type {{ targets: readonly import("./target.mjs").Target[] }} */
const { targets } = await import(new URL(values.module, import.meta.url).href);
const watch = watchdog(values.last, { seconds: Number(values.patience), megabytes: 1500 });

for (const name of values.targets.split(",")) {
  const target = targets.find((each) => each.name === name);
  if (target === undefined) throw new TypeError(`there is no target ${name}`);
  const kept = [...keptInputs("found", name), ...keptInputs("corpus", name)];
  console.log(JSON.stringify({ begins: name }));
  const fuzzer = new Fuzzer(target, Number(values.seed), watch);
  const { runs, seconds, findings: most } = values;
  const budget = { runs: Number(runs), seconds: Number(seconds), findings: Number(most) };
  const outcome = await fuzzer.fuzz(kept, budget);
  const { distilled, findings, ...figures } = outcome;
  if (values.distil) keepCorpus(name, distilled);
  console.log(
    JSON.stringify({
      ...figures,
      findings: findings.map(({ fault, stack, bytes }) => ({
        fault,
        stack,
        bytes: Buffer.from(bytes).toString("base64"),
      })),
    }),
  );
}
process.exit(0);
