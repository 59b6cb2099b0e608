import { describe, expect, it } from "vitest";
import { checkEngines } from "../../house/engines.mjs";
import { checkLockfile } from "../../house/lockfile.mjs";
import { checkTopLevel, checkTopManifest } from "../../house/root.mjs";
import { plant, shown } from "../planted.ts";

const commands = ["demo", "test", "check", "build", "format", "changeset", "docs", "new:adapter"];
const scripts = Object.fromEntries(commands.map((name) => [name, "npx -p pnpm@1.2.3 node x.mjs"]));
const manifest = { private: true, packageManager: "pnpm@1.2.3", scripts };
const topLevel = {
  ".changeset/config.json": {},
  ".ci/run": "",
  ".gitignore": "node_modules/\n*.log\n",
  "CONTRIBUTING.md": "",
  LICENSE: "",
  "README.md": "",
  "SECURITY.md": "",
  "apps/demo/x": "",
  "docs/x": "",
  "package.json": manifest,
  "packages/core/x": "",
  "pnpm-lock.yaml": "",
  "pnpm-workspace.yaml": "",
  "tooling/x": "",
  "turbo.json": "",
};

describe("top level", () => {
  it("what belongs there, and what git ignores, is no problem", () => {
    const root = plant({ ...topLevel, ".git/HEAD": "", "node_modules/x": "", "npm-debug.log": "" });
    expect(shown(checkTopLevel(root))).toEqual([]);
  });

  it.each([".npmrc", "biome.json", "scripts/x.sh", "tsconfig.json"])("%s does not belong there", (path) => {
    const name = path.split("/")[0];
    expect(shown(checkTopLevel(plant({ ...topLevel, [path]: "" })))).toEqual([
      `${name} does not belong at the top level`,
    ]);
  });

  it("what is missing is reported", () => {
    const { "SECURITY.md": _, ...rest } = topLevel;
    expect(shown(checkTopLevel(plant(rest)))).toEqual(["SECURITY.md is missing"]);
  });
});

describe("top manifest", () => {
  const problemsOf = (change: object) => shown(checkTopManifest(plant({ "package.json": { ...manifest, ...change } })));

  it("is private, has the promised commands, and names one version of pnpm", () => {
    expect(problemsOf({})).toEqual([]);
    expect(problemsOf({ private: false })).toHaveLength(1);
    expect(problemsOf({ dependencies: { a: "1" } })).toHaveLength(1);
    expect(problemsOf({ scripts: { ...scripts, docs: undefined } })).toEqual(['package.json script "docs" is missing']);
    expect(problemsOf({ packageManager: "pnpm@1.2.4" })).toHaveLength(commands.length);
  });
});

describe("lockfile", () => {
  const problemsOf = (...lines: string[]) => shown(checkLockfile(plant({ "pnpm-lock.yaml": lines.join("\n") })));
  const integrity = `sha512-${"A".repeat(86)}==`;

  it("hashes without addresses are no problem, nor is an author's advice about a version", () => {
    const advice = "    deprecated: see https://example.invalid";
    expect(problemsOf("  a@1.0.0:", `    resolution: {integrity: ${integrity}}`, advice)).toEqual([]);
  });

  it.each([
    [`    resolution: {integrity: ${integrity}, tarball: a.tgz}`],
    [`    resolved: "a.tgz"`],
    ["    specifier: https://example.invalid/a.tgz"],
    ["    version: git+ssh://example.invalid/a.git"],
    ["    resolution: {integrity: sha1-AAAA}"],
    ["    resolution: {directory: ../a}"],
  ])("%s is reported", (line) => {
    const found = problemsOf("lockfileVersion: '9.0'", line);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain("pnpm-lock.yaml:2 ");
  });

  it("no lockfile at all is reported", () => {
    expect(shown(checkLockfile(plant({ "package.json": {} })))).toEqual(["pnpm-lock.yaml is missing"]);
  });
});

describe("engines", () => {
  const problemsOf = (name: string, engines: string) =>
    shown(checkEngines(plant({ "pnpm-lock.yaml": `packages:\n\n  ${name}:\n    engines: ${engines}\n` })));

  it("a package that runs on the oldest Node of ours is no problem", () => {
    expect(problemsOf("a@1.0.0", "{node: '>=18'}")).toEqual([]);
    expect(problemsOf("'@b/c@1.0.0'", "{node: ^20.19.0 || >=22.12.0}")).toEqual([]);
    expect(problemsOf("a@1.0.0", "{npm: '>=99'}")).toEqual([]);
  });

  it("one that needs a newer Node is, unless it is on the list", () => {
    expect(problemsOf("'@b/c@1.0.0'", "{node: '>=22'}")).toEqual(["pnpm-lock.yaml:4 @b/c@1.0.0 asks for Node >=22"]);
    expect(problemsOf("a@1.0.0", "{npm: '>=8', node: '>=20.19.1'}")).toHaveLength(1);
    expect(problemsOf("keyv@6.1.0", "{node: '>= 22.19.0'}")).toEqual([]);
    expect(problemsOf("keyv@6.2.0", "{node: '>= 22.19.0'}")).toHaveLength(1);
  });
});
