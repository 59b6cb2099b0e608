// Loaded before everything else: whatever is imported after it counts.
import { register } from "node:module";
import { probe } from "../engine/probe.mjs";

Object.assign(globalThis, { fuzzProbe: probe });
register("./hooks.mjs", import.meta.url);
