import { describe, expect, it } from "vitest";
import { checkArrows } from "../../house/arrows.mjs";
import { readWorkspace } from "../../house/workspace.mjs";
import { type Files, library, plant, shown } from "../planted.ts";

function arrowsOf(files: Files): string[] {
  const root = plant(files);
  return shown(checkArrows(root, readWorkspace(root)));
}

const inSource = (line: string) => arrowsOf(library("memory", {}, { "src/index.ts": `${line}\n` }));
const inTest = (line: string) => arrowsOf(library("memory", {}, { "test/index.test.ts": `${line}\n` }));

describe("arrows", () => {
  it("a library that imports core, a subpath of core, itself by path, and Node keeps them", () => {
    const lines = [
      'import "@cache/core";',
      'import { a } from "@cache/core/bytes";',
      'import "./other.ts";',
      'import "node:fs";',
    ];
    expect(arrowsOf(library("memory", {}, { "src/index.ts": lines.join("\n"), "src/other.ts": "" }))).toEqual([]);
  });

  it.each([
    ["a value", 'import { fileStore } from "@cache/cas";'],
    ["a type", 'import type { FileStore } from "@cache/cas";'],
    ["a re-export", 'export * from "@cache/cas";'],
    ["a lazy import", 'export const load = () => import("@cache/cas");'],
    ["a type in place", 'export type Store = import("@cache/cas").FileStore;'],
    ["a subpath", 'import "@cache/cas/monitor";'],
  ])("a library that takes %s from another library is reported with its line", (_, line) => {
    expect(inSource(`\n${line}`)).toEqual([
      "packages/memory/src/index.ts:2 a library depends on @cache/core only, not on @cache/cas",
    ]);
  });

  it("listing another library does not make the arrow right", () => {
    const dependencies = { "@cache/cas": "workspace:^" };
    const found = arrowsOf(library("memory", { dependencies }, { "src/index.ts": 'import "@cache/cas";' }));
    expect(found.join()).toContain("a library depends on @cache/core only");
  });

  it("core imports no package of ours, not even itself by name", () => {
    const files = library(
      "core",
      { peerDependencies: {} },
      { "src/index.ts": 'import "@cache/memory";\nimport "@cache/core";' },
    );
    expect(arrowsOf(files)).toEqual([
      "packages/core/src/index.ts:1 a library depends on @cache/core only, not on @cache/memory",
      "packages/core/src/index.ts:2 names its own package @cache/core; use a relative path",
    ]);
  });

  it("the command composes what it lists, and nothing else", () => {
    const change = { dependencies: { "@cache/cas": "workspace:^" } };
    const files = library("cli", change, { "src/index.ts": 'import "@cache/cas";\nimport "@cache/memory";' });
    expect(arrowsOf(files)).toEqual([
      "packages/cli/src/index.ts:2 @cache/memory is neither a dependency nor a peer of @cache/cli",
    ]);
  });

  it("a package that composes for programs takes what it lists, and nothing else", () => {
    const change = { dependencies: { "@cache/cas": "workspace:^" } };
    const files = library("config", change, { "src/index.ts": 'import "@cache/cas";\nimport "@cache/memory";' });
    expect(arrowsOf(files)).toEqual([
      "packages/config/src/index.ts:2 @cache/memory is neither a dependency nor a peer of @cache/config",
    ]);
  });

  it("a third-party package that is not listed, or is listed for development only, is reported", () => {
    expect(inSource('import "left-pad";')).toHaveLength(1);
    const change = { devDependencies: { "@cache/core": "workspace:*", "left-pad": "catalog:" } };
    expect(arrowsOf(library("memory", change, { "src/index.ts": 'import "left-pad/x";' }))).toHaveLength(1);
  });

  it("tests use what devDependencies list and the tools of the house", () => {
    expect(inTest('import "vitest"; import fc from "fast-check"; import "@cache/core";')).toEqual([]);
    expect(inTest('import "@cache/conformance";')).toEqual([
      "packages/memory/test/index.test.ts:1 @cache/conformance is not listed in the manifest of @cache/memory",
    ]);
  });

  it("a path out of the package, or from sources into tests, is reported", () => {
    expect(inSource('import "../../core/src/index.ts";').join()).toContain("leaves packages/memory/src/");
    expect(inSource('import "../test/index.test.ts";').join()).toContain("leaves packages/memory/src/");
    expect(inTest('import "../../core/src/index.ts";').join()).toContain("leaves packages/memory/");
    expect(inTest('import "../src/index.ts";')).toEqual([]);
  });

  it("a module whose name is computed is reported: no check could follow it", () => {
    expect(inSource("export const load = (name: string) => import(name);").join()).toContain("is computed");
  });

  it("a Node module without node: and a name missing from the imports map are reported", () => {
    expect(inSource('import "fs";').join()).toContain("write node:fs");
    expect(inSource('import "#platform";').join()).toContain("not in the manifest's imports");
  });
});
