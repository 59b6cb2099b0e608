import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const folder = fileURLToPath(new URL("..", import.meta.url));
const program = join(folder, "dist", "main.js");

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(args: readonly string[], environment: Record<string, string> = {}): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: folder, env: { ...process.env, ...environment } }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), out, err });
    });
  });
}

let scratch: string;
const inScratch = (): Record<string, string> => ({ TMPDIR: scratch, TEMP: scratch, TMP: scratch });

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "demo-test-"));
  const compiler = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  const built = await run([compiler, "-b"]);
  expect(built.out).toBe("");
}, 300_000);

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe("the demonstration", () => {
  test("runs over real files, ends with its verdict, writes its report and leaves nothing behind", async () => {
    const report = join(scratch, "deep", "report.html");
    const { code, out, err } = await run([program, "--files", "40", "--report", report], inScratch());
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out.trimEnd().split("\n").at(-1)).toBe(
      "AS PROMISED: 3 runs, 12 attacks and 6 steps of a key rotation, one output; and 3 jobs more",
    );
    expect(out).toMatch(/^ {2}cold .* 0 +40 +[0-9a-f]{16}$/m);
    expect(out).toMatch(/^ {2}warm, another process .* 40 +0 +[0-9a-f]{16}$/m);
    expect(out).not.toContain("✗");
    expect(out).not.toContain("\u001b");
    const page = readFileSync(report, "utf8");
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).not.toMatch(/<script|<link|src=|href=|url\(/);
    expect(readdirSync(scratch)).toEqual(["deep"]);
  }, 120_000);

  test("--keep leaves the caches, in a directory for the user alone, and says where", async () => {
    const report = join(scratch, "deep", "kept.html");
    const { code, err } = await run([program, "--files", "20", "--keep", "--report", report], inScratch());
    const directory = /^The caches are in (.*)$/m.exec(err)?.[1] ?? "";
    expect(code).toBe(0);
    expect(existsSync(join(directory, "census", "v1"))).toBe(true);
    if (process.platform !== "win32") expect(statSync(directory).mode & 0o777).toBe(0o700);
  }, 120_000);

  test.each(["--files=3", "--files=many", "--nonsense", "stray"])(
    "answers %s with its usage and exit code 2",
    async (arg) => {
      const { code, out, err } = await run([program, arg]);
      expect({ code, out }).toEqual({ code: 2, out: "" });
      expect(err).toContain("Usage:");
    },
  );

  test("--help says how to use it", async () => {
    expect(await run([program, "--help"])).toMatchObject({
      code: 0,
      out: expect.stringContaining("--report FILE"),
      err: "",
    });
  });
});
