#!/usr/bin/env node
import { lstatSync } from "node:fs";
import module from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Compiled code is kept in a directory of this user's own: Node's default lies in the directory for temporary files, where
 * somebody else could prepare code for us.
 */
function keepCompiledCode() {
  if (module.enableCompileCache === undefined || process.env.NODE_COMPILE_CACHE !== undefined) return;
  try {
    const parent = join(homedir(), ".cache");
    const { uid, mode } = lstatSync(parent);
    if (uid === process.geteuid?.() && (mode & 0o022) === 0)
      module.enableCompileCache(join(parent, "cache-cli-compiled"));
  } catch {
    // Only a faster start is lost.
  }
}

keepCompiledCode();
const { main } = await import("../dist/bundle/main.js");
await main(process.argv.slice(2));
