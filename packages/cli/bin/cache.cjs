#!/usr/bin/env node
// CommonJS, because Node starts that sooner than modules.
"use strict";

const { join } = require("node:path");

const BUNDLE = "../dist/bundle/main.cjs";

function load() {
  try {
    return require(BUNDLE);
  } catch (error) {
    // Anything else that cannot be found is a fault, and says itself where.
    if (error.code !== "MODULE_NOT_FOUND" || !error.message.includes(BUNDLE)) throw error;
    process.stderr.write("cache: it is not built yet: run npm run demo, or pnpm build, in the repository first\n");
    // As a fault of the program ends: never like a miss, which is 1.
    process.exit(70);
  }
}

void load().main(process.argv.slice(2), join(__dirname, "../package.json"));
