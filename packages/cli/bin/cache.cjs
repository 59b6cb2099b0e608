#!/usr/bin/env node
// CommonJS, because Node starts that sooner than modules.
"use strict";

const { join } = require("node:path");
const { main } = require("../dist/bundle/main.cjs");

void main(process.argv.slice(2), join(__dirname, "../package.json"));
