import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { adapterName } from "../adapter/name.mjs";
import { checkArrows } from "../house/arrows.mjs";
import { checkManifests } from "../house/manifests.mjs";
import { checkSizes } from "../house/sizes.mjs";
import { readWorkspace } from "../house/workspace.mjs";
import { readCounts } from "../task/counts.mjs";

const here = fileURLToPath(new URL("../..", import.meta.url));
const SHARED = ["package.json", "pnpm-workspace.yaml", "pnpm-lock.yaml", "turbo.json", ".changeset", "tooling"];
const LEFT_OUT = new Set([
  "node_modules",
  "dist",
  ".turbo",
  "bench",
  "fuzz",
  "integration",
  "peers",
  "redis-server",
  "remote",
  "runtimes",
  "s3-server",
  "soak",
]);

/** The name that is hardest to get right: two words, before `client` in the alphabet, with a digit. */
const NAME = "arango-db2";

describe("pnpm new:adapter", () => {
  let root = "";
  let printed = "";
  const { VITEST: _, NODE_ENV: __, ...env } = process.env;
  const run = (program: string, ...args: string[]) =>
    execFileSync(program, args, {
      cwd: root,
      env: { ...env, CI: "1" },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "new-adapter-"));
    for (const path of [...SHARED, "packages/core", "packages/conformance"]) {
      const filter = (source: string) => !LEFT_OUT.has(basename(source));
      cpSync(join(here, path), join(root, path), { recursive: true, filter });
    }
    printed = run(process.execPath, "tooling/new-adapter.mjs", NAME);
  }, 300_000);

  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it("changes nothing at the top but the lockfile, and announces the release", () => {
    for (const path of SHARED.filter((each) => each.endsWith(".json") || each === "pnpm-workspace.yaml")) {
      expect(readFileSync(join(root, path), "utf8"), path).toBe(readFileSync(join(here, path), "utf8"));
    }
    const changeset = readFileSync(join(root, `.changeset/${NAME}-first-release.md`), "utf8");
    expect(changeset).toMatch(/^---\n"@cache\/arango-db2": major\n---\n\nFirst release: .+\n$/);
  });

  it("leaves no word of the template behind", () => {
    const files = readdirSync(join(root, "packages", NAME), { recursive: true, encoding: "utf8" });
    const ours = files.filter((file) => !file.startsWith("node_modules") && /\.(ts|json|md)$/.test(file));
    expect(ours.sort()).toContain(join("src", `${NAME}-store.ts`));
    for (const file of ours) {
      expect(file).not.toMatch(/template/i);
      expect(readFileSync(join(root, "packages", NAME, file), "utf8"), file).not.toMatch(/template/i);
    }
    expect(readFileSync(join(root, "packages", NAME, "src/index.ts"), "utf8")).toContain("arangoDb2Store");
  });

  it("gives a package that the house wants: manifest, arrows, sizes, format, lockfile", () => {
    const members = readWorkspace(root);
    const findings = [checkManifests, checkArrows, checkSizes].flatMap((check) => check(root, members));
    expect(findings.filter(({ file }) => file.startsWith(`packages/${NAME}/`))).toEqual([]);
    run("pnpm", "exec", "biome", "check", "--config-path=tooling", "--error-on-warnings", `packages/${NAME}`);
    run("pnpm", "install", "--frozen-lockfile", "--offline");
  });

  it("gives a package that builds", () => {
    run("pnpm", "exec", "turbo", "run", "build", `--filter=@cache/${NAME}...`);
    expect(existsSync(join(root, "packages", NAME, "dist/index.d.ts"))).toBe(true);
  });

  it("gives a package that passes the published suite at once, and says how to run it", () => {
    const report = join(root, "report.json");
    run(
      "pnpm",
      "exec",
      "vitest",
      "run",
      "--config",
      "tooling/vitest.config.ts",
      "--project",
      NAME,
      "--reporter=json",
      `--outputFile=${report}`,
    );
    const counts = readCounts(report);
    expect(counts).toMatchObject({ failed: 0, skipped: 0 });
    expect(counts?.passed).toBeGreaterThan(100);
    expect(printed).toContain(`npm test -- --project ${NAME}`);
  });

  it("overwrites nothing: a second time, and a package that exists, are refused", () => {
    for (const name of [NAME, "core"]) {
      const before = readFileSync(join(root, "packages", name, "package.json"), "utf8");
      expect(() => run(process.execPath, "tooling/new-adapter.mjs", name)).toThrow(/is there already/);
      expect(readFileSync(join(root, "packages", name, "package.json"), "utf8")).toBe(before);
    }
  });
});

describe("names of adapters", () => {
  it("a name is a folder, a function and a type", () => {
    expect(adapterName("redis")).toEqual({ kebab: "redis", camel: "redis", pascal: "Redis" });
    expect(adapterName("my-kv2")).toEqual({ kebab: "my-kv2", camel: "myKv2", pascal: "MyKv2" });
  });

  it.each(["", "Redis", "my_kv", "-kv", "kv-", "a--b", "2fast", "../evil", "a/b", "@cache/kv", "a b", "x".repeat(41)])(
    "%j is refused",
    (text) => {
      expect(() => adapterName(text)).toThrow(TypeError);
    },
  );
});
