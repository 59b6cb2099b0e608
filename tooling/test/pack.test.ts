import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Member } from "../house/workspace.mjs";
import { checkConsumer, entryPointsOf } from "../pack/consumer.mjs";
import { withDependencies } from "../pack/tarballs.mjs";
import { plant } from "./planted.ts";

const manifest = {
  name: "@cache/planted",
  version: "1.2.3",
  type: "module",
  exports: { ".": { types: "./index.d.ts", default: "./index.js" }, "./package.json": "./package.json" },
};
const whole = {
  "package.json": manifest,
  "index.js": "export const one = 1;\n",
  "index.d.ts": "export declare const one: number;\n",
  "README.md": "",
  LICENSE: "",
};
const member = memberOf("planted", manifest);

function memberOf(name: string, given: Member["manifest"]): Member {
  return {
    folder: `packages/${name}`,
    role: "library",
    name: `@cache/${name}`,
    manifest: given,
    sources: [],
    tests: [],
  };
}

async function consume(files: Record<string, string | object>): Promise<void> {
  const source = plant(files);
  const folder = mkdtempSync(join(tmpdir(), "consumer-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  execFileSync("npm", ["pack", "--silent", "--pack-destination", source], { cwd: source, stdio: "pipe" });
  await checkConsumer(folder, member, [join(source, "cache-planted-1.2.3.tgz")]);
}

describe("a package as a user installs it", () => {
  it("one that imports and compiles passes", async () => {
    await consume(whole);
  });

  it.each([
    ["throws when it is imported", { "index.js": 'throw new Error("not today");' }, "not today"],
    ["misses a file it exports", { "index.js": undefined }, "Cannot find module"],
    ["needs a package that nobody installed", { "index.js": 'export * from "@cache/core";' }, "Cannot find package"],
    ["exports nothing", { "index.js": "export {};" }, "exports nothing"],
    ["has declarations that need Node's", { "index.d.ts": "export declare const one: NodeJS.Timeout;" }, "NodeJS"],
    ["has no licence", { LICENSE: undefined }, "no LICENSE"],
    ["holds what the compiler left", { "dist/.tsbuildinfo": "{}" }, ".tsbuildinfo is in the tarball"],
  ])("one that %s is refused", async (_, change, words) => {
    const files = Object.entries({ ...whole, ...change }).filter(([, content]) => content !== undefined);
    await expect(consume(Object.fromEntries(files) as typeof whole)).rejects.toThrow(words);
  });

  it("every subpath is an entry point, the manifest is none", () => {
    const exports = { ...manifest.exports, "./bytes": {} };
    expect(entryPointsOf({ ...member, manifest: { ...manifest, exports } })).toEqual([
      "@cache/planted",
      "@cache/planted/bytes",
    ]);
  });

  it("what is installed with a package is what its manifest names, and what those name", () => {
    const core = memberOf("core", {});
    const cas = memberOf("cas", { peerDependencies: { "@cache/core": "workspace:^" } });
    const cli = memberOf("cli", {
      dependencies: { "@cache/cas": "workspace:^" },
      devDependencies: { "@cache/memory": "workspace:*" },
    });
    const memory = memberOf("memory", {});
    expect(withDependencies(cli, [core, cas, memory, cli])).toEqual([cli, cas, core]);
  });
});
