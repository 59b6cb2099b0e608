import { describe, expect, it } from "vitest";
import { checkManifests } from "../../house/manifests.mjs";
import { readWorkspace } from "../../house/workspace.mjs";
import { type Files, library, libraryManifest, plant, shown } from "../planted.ts";

function problemsOf(files: Files): string[] {
  const root = plant(files);
  return shown(checkManifests(root, readWorkspace(root)));
}

const changed = (change: Record<string, unknown>, name = "redis") => problemsOf(library(name, change));

const prepack = "pnpm -w run build";

describe("manifests", () => {
  it("a library as the house wants it has no problem", () => {
    expect(changed({})).toEqual([]);
  });

  it.each([
    ["name", { name: "@cache/other" }],
    ["license", { license: "ISC" }],
    ["type", { type: "commonjs" }],
    ["engines", { engines: { node: ">=18" } }],
    ["private", { private: true }],
    ["sideEffects", { sideEffects: true }],
    [
      "repository",
      { repository: { type: "git", url: "git+https://example.invalid/cache.git", directory: "packages/x" } },
    ],
    ["files", { files: ["dist"] }],
    ["publishConfig", { publishConfig: { access: "public" } }],
    ["main", { main: "./dist/index.js" }],
    ["types", { types: "./dist/index.d.ts" }],
    ["description", { description: "short" }],
    ["keywords", { keywords: [] }],
    ["build", { scripts: { build: "tsup", prepack } }],
    ["prepack", { scripts: { build: "tsc -b" } }],
    ["postinstall", { scripts: { build: "tsc -b", prepack, postinstall: "node x.js" } }],
    ["prepare", { scripts: { build: "tsc -b", prepack, prepare: "node x.js" } }],
    ["optionalDependencies", { optionalDependencies: { a: "1" } }],
  ])("a wrong %s is reported", (field, change) => {
    const found = changed(change);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(field);
  });

  it("one repository for all: an address of its own is reported", () => {
    const repository = { type: "git", url: "git+https://example.invalid/fork.git", directory: "packages/redis" };
    expect(problemsOf({ ...library("memory"), ...library("redis", { repository }) })).toHaveLength(1);
  });

  it("exports: another order of conditions, a foreign path, a missing source and a missing root are reported", () => {
    const self = { "./package.json": "./package.json" };
    const source = "./src/index.ts";
    const types = "./dist/index.d.ts";
    const code = "./dist/index.js";
    const entries = [
      { ".": { types, "@cache/source": source, default: code }, ...self },
      { ".": { "@cache/source": source, types, default: "./dist/other.js" }, ...self },
      { ".": { "@cache/source": source, types, import: code }, ...self },
      { ".": code, ...self },
      { ".": { "@cache/source": source, types, default: code } },
      self,
    ];
    for (const exports of entries) expect(changed({ exports }), JSON.stringify(exports)).toHaveLength(1);
    const gone = { "@cache/source": "./src/gone.ts", types: "./dist/gone.d.ts", default: "./dist/gone.js" };
    const all = libraryManifest("redis").exports as object;
    expect(changed({ exports: { ...all, "./gone": gone } }).join()).toContain(
      "./src/gone.ts is named but is not there",
    );
  });

  it("imports: a map without one of the runtimes, or with another built file, is reported", () => {
    const half = { "#host": { "@cache/source": { node: "./src/index.ts" }, node: "./dist/index.js" } };
    expect(changed({ imports: half })).toHaveLength(1);
    const source = { node: "./src/index.ts", default: "./src/index.ts" };
    const whole = { "#host": { "@cache/source": source, node: "./dist/index.js", default: "./dist/index.js" } };
    expect(changed({ imports: whole })).toEqual([]);
    expect(changed({ imports: { "#host": { ...whole["#host"], node: "./dist/x.js" } } })).toHaveLength(1);
  });

  it("dependencies: only the listed ones, from the catalog, and none of ours but core as a peer", () => {
    expect(changed({ dependencies: { ioredis: "^6.0.0" } }).join()).toContain("ioredis is not on the list");
    expect(changed({ dependencies: { "@noble/ciphers": "^2.0.0" } }, "crypto-envelope").join()).toContain('"catalog:"');
    expect(changed({ dependencies: { "@noble/ciphers": "catalog:" } }, "crypto-envelope")).toEqual([]);
    const peers = { "@cache/core": "workspace:^", "@cache/memory": "workspace:^" };
    expect(changed({ peerDependencies: peers }).join()).toContain("a library depends on @cache/core only");
    expect(changed({ peerDependencies: { "@cache/core": "^1.0.0" } }).join()).toContain('should be "workspace:^"');
    expect(changed({ dependencies: { "@cache/core": "workspace:^" } }).join()).toContain("should be a peer only");
    expect(changed({ peerDependencies: {} }).join()).toContain("@cache/core is not a peer");
    expect(changed({ devDependencies: {} }).join()).toContain("devDependencies lack @cache/core");
  });

  it("a client chosen by the user is a peer, and no problem", () => {
    expect(changed({ peerDependencies: { "@cache/core": "workspace:^", ioredis: ">=5" } })).toEqual([]);
  });

  it("a missing README, entry or test is reported, a changelog only once there was a release", () => {
    const { "packages/redis/README.md": _, ...withoutReadme } = library("redis");
    expect(problemsOf(withoutReadme).join()).toContain("README.md is missing");
    const { "packages/redis/test/index.test.ts": __, ...withoutTests } = library("redis");
    expect(problemsOf(withoutTests).join()).toContain("there is no test/*.test.ts");
    expect(changed({ version: "0.1.0" }).join()).toContain("CHANGELOG.md is missing");
    expect(problemsOf(library("redis", { version: "0.1.0" }, { "CHANGELOG.md": "# Changes\n" }))).toEqual([]);
    expect(problemsOf(library("redis", { version: "one" }, { "CHANGELOG.md": "" })).join()).toContain('"version"');
  });

  it("tsconfig: references are the dependencies of ours, no more and no less", () => {
    const config = library("redis")["packages/redis/tsconfig.json"] as { references: object[] };
    for (const references of [[], [{ path: "../core" }, { path: "../memory" }]]) {
      const files = library("redis", {}, { "tsconfig.json": { ...config, references } });
      expect(problemsOf(files).join()).toContain('tsconfig.json: "references"');
    }
    expect(problemsOf(library("redis", {}, { "tsconfig.json": { ...config, extends: "./x.json" } }))).toHaveLength(1);
  });

  it("a command is bundled besides, and its file has to be there", () => {
    const bin = { tool: "./bin/tool.mjs" };
    const build = "tsc -b && rolldown --config rolldown.config.mjs";
    const change = { bin, scripts: { build, prepack }, files: ["bin", "dist", "src", "!dist/**/*.tsbuildinfo"] };
    expect(problemsOf(library("redis", change, { "bin/tool.mjs": "" }))).toEqual([]);
    expect(changed(change).join()).toContain("./bin/tool.mjs is missing");
    expect(
      problemsOf(library("redis", { ...change, scripts: { build: "tsc -b", prepack } }, { "bin/tool.mjs": "" })),
    ).toHaveLength(1);
  });

  it("apps and test workspaces stay private", () => {
    const app = { name: "@cache/demo", license: "MIT", type: "module", engines: { node: ">=20.19" } };
    expect(problemsOf({ "apps/demo/package.json": { ...app, private: true } })).toEqual([]);
    expect(problemsOf({ "apps/demo/package.json": app })).toHaveLength(1);
    expect(problemsOf({ "tooling/integration/package.json": { ...app, name: "@cache/integration" } })).toHaveLength(1);
  });
});
