// Does a few things to a store that holds something already, and says what became of each. A hook may end it at any call.
import { writeSync } from "node:fs";
import { argv } from "node:process";
import { open } from "../cache.mjs";
import { STEPS } from "../steps.mjs";

const [, , text = "{}"] = argv;
const { cache, store } = open(JSON.parse(text));
const { soakCalls } = /** @type {any} */ (globalThis);
const say = (/** @type {string} */ line) => {
  soakCalls.armed = false;
  writeSync(1, `${line}\n`);
  soakCalls.armed = true;
};

soakCalls.armed = true;
for (const [name, step] of Object.entries(STEPS)) {
  try {
    await step(cache, store);
    say(`done ${name}`);
  } catch (error) {
    say(`failed ${name} ${/** @type {{ code?: unknown }} */ (error).code}`);
  }
}
soakCalls.armed = false;
writeSync(1, `calls ${soakCalls.calls} ${JSON.stringify(soakCalls.by)}\n`);
