// One visit on the runtime that runs this: luggage of others on standard input, the visit on standard output.
import process from "node:process";
import { visit } from "../visit.mjs";

let text = "";
for await (const piece of process.stdin) text += piece;
process.stdout.write(JSON.stringify(await visit(JSON.parse(text))));
