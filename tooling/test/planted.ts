import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { Finding } from "../house/workspace.mjs";

export type Files = Readonly<Record<string, string | object>>;

/** A repository in a folder of its own, gone when the test ends. Objects become JSON. */
export function plant(files: Files): string {
  const root = mkdtempSync(join(tmpdir(), "house-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === "string" ? content : JSON.stringify(content));
  }
  return root;
}

/** Findings as a reader sees them: `file:line message`. */
export function shown(findings: readonly Finding[]): string[] {
  return findings.map(({ file, line, message }) => `${file}${line === undefined ? "" : `:${line}`} ${message}`);
}

const ENTRY = { "@cache/source": "./src/index.ts", types: "./dist/index.d.ts", default: "./dist/index.js" };

/** The manifest of a library as the house wants it. */
export function libraryManifest(name: string): Record<string, unknown> {
  return {
    name: `@cache/${name}`,
    version: "0.0.0",
    description: "A package that exists for the length of a test",
    keywords: ["cache"],
    license: "MIT",
    repository: { type: "git", url: "git+https://example.invalid/cache.git", directory: `packages/${name}` },
    type: "module",
    sideEffects: false,
    engines: { node: ">=20.19" },
    exports: { ".": ENTRY, "./package.json": "./package.json" },
    files: ["dist", "src", "!dist/**/*.tsbuildinfo"],
    scripts: { build: "tsc -b", prepack: "pnpm -w run build" },
    peerDependencies: { "@cache/core": "workspace:^" },
    devDependencies: { "@cache/core": "workspace:*" },
    publishConfig: { access: "public", provenance: true },
  };
}

/** A library as the house wants it, and what a test changes in it. */
export function library(name: string, change: Record<string, unknown> = {}, files: Files = {}): Files {
  const folder = `packages/${name}`;
  return {
    [`${folder}/package.json`]: { ...libraryManifest(name), ...change },
    [`${folder}/README.md`]: "# A package\n",
    [`${folder}/src/index.ts`]: "export {};\n",
    [`${folder}/test/index.test.ts`]: 'import "vitest";\n',
    [`${folder}/tsconfig.json`]: {
      extends: "../../tooling/tsconfig.package.json",
      compilerOptions: { rootDir: "src", outDir: "dist", tsBuildInfoFile: "dist/.tsbuildinfo" },
      include: ["src"],
      references: [{ path: "../core" }],
    },
    ...Object.fromEntries(Object.entries(files).map(([path, content]) => [`${folder}/${path}`, content])),
  };
}
