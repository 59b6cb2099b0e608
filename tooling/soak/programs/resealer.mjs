// Seals again what older keys sealed, and says when it is through.
import { writeSync } from "node:fs";
import { argv } from "node:process";
import { resealStore } from "@cache/core/maintenance";
import { open } from "../cache.mjs";

const [, , text = "{}"] = argv;
const { slots } = open(JSON.parse(text));
writeSync(1, "begun\n");
const report = await resealStore(slots);
writeSync(1, `${JSON.stringify(report)}\n`);
