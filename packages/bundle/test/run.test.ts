import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { extractionCache, type Launch, type NewMember, type RunOptions, runBundle } from "../src/index.ts";
import { filteredEnvironment } from "../src/run/environment.ts";
import { TRUSTED, text, useBench } from "./bench.ts";

const bench = useBench();
const cache = () => extractionCache(bench().path("extracted"));

/** A package whose command is a shell script. */
async function packed(script: string, launch: Partial<Launch> = {}, more: readonly NewMember[] = []): Promise<void> {
  const tool = { path: "bin/tool", content: text(`#!/bin/sh\n${script}\n`), mode: 0o755 };
  await bench().make({ launch: { command: "bin/tool", ...launch } }, [tool, ...more]);
}

const run = (more: Partial<RunOptions> = {}) =>
  runBundle(bench().file, { ...TRUSTED, cache: cache(), stdio: "ignore", ...more });
const written = () => readFileSync(bench().path("out"), "utf8").trim().split("\n");
const out = () => `"${bench().path("out")}"`;
const code = async (work: Promise<unknown>) =>
  ((await work.catch((error: unknown) => error)) as { code?: string }).code;

it("M66: no source reads a variable, but for those that are handed on to the command", () => {
  const sources = fileURLToPath(new URL("../src/", import.meta.url));
  const files = readdirSync(sources, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  const reading = files.filter((name) => readFileSync(join(sources, name), "utf8").includes("process.env"));
  expect([files.length > 40, reading]).toEqual([true, [join("run", "run-bundle.ts")]]);
});

describe.skipIf(process.platform === "win32")("running a package", () => {
  it("starts its command with its arguments and the caller's, as they are, and hands on the exit code", async () => {
    await packed(`printf '%s\\n' "$@" > ${out()}; exit 42`, { arguments: ["--fast", "a b"] });
    expect(await run({ arguments: ["$HOME", "; rm x", ""] })).toBe(42);
    expect(readFileSync(bench().path("out"), "utf8")).toBe("--fast\na b\n$HOME\n; rm x\n\n");
  });

  it("P27: filters the environment: passes, unsets, maps and sets", async () => {
    await packed(`env > ${out()}`, {
      environment: { pass: ["MINE", "MY_*"], unset: ["TERM"], map: { TOOL_HOME: "HOME" }, set: { MODE: "fast" } },
    });
    const environment = {
      ...{ PATH: process.env.PATH, HOME: "/home/me", TERM: "xterm", MINE: "1", MY_OWN: "2" },
      ...{
        LD_PRELOAD: "/evil.so",
        NODE_OPTIONS: "--require evil",
        AWS_SECRET_ACCESS_KEY: "secret",
        CACHE_KEYRING: "secret",
      },
    };
    expect(await run({ environment })).toBe(0);
    const names = written().map((line) => line.split("=")[0]);
    expect(names.filter((name) => !["PWD", "SHLVL", "_", "OLDPWD"].includes(name as string)).sort()).toEqual(
      ["BUNDLE_DIRECTORY", "HOME", "MINE", "MODE", "MY_OWN", "PATH", "TOOL_HOME"].sort(),
    );
    expect(written()).toEqual(expect.arrayContaining(["TOOL_HOME=/home/me", "MODE=fast"]));
  });

  it("gives no key away, whatever a package asks for", () => {
    const variables = { CACHE_KEYRING: "secret", CACHE_KEYRING_PASSPHRASE: "secret", CACHE_DIR: "/x" };
    const rules = { pass: ["CACHE_*"], map: { STOLEN: "CACHE_KEYRING" } };
    expect(filteredEnvironment(variables, rules)).toEqual({ CACHE_DIR: "/x" });
  });

  it("begins where its caller is, in the package, or in a directory that goes with it", async () => {
    for (const [workDirectory, expected] of [
      ["caller", bench().root],
      ["package", /\/extracted\/v1\/packages\/[0-9a-f]{64}\/files$/],
      ["temporary", /cache-bundle-[^/]+$/],
    ] as const) {
      await packed(`pwd -P > ${out()}`, { workDirectory });
      expect(await run({ workDirectory: bench().root })).toBe(0);
      expect(written()[0]).toMatch(expected);
      if (workDirectory === "temporary") expect(existsSync(written()[0] as string)).toBe(false);
    }
  });

  it("PW7: never starts a changed file, and PW4: never without a proof", async () => {
    await packed(
      `echo good >> ${out()}; echo "#!/bin/sh" > "$BUNDLE_DIRECTORY/bin/tool"; echo "echo evil > ${out()}" >> "$BUNDLE_DIRECTORY/bin/tool"`,
    );
    expect(await run()).toBe(0);
    expect(await run()).toBe(0);
    expect(written()).toEqual(["good", "good"]);
    const bytes = bench().bytes();
    bytes[45] = (bytes[45] as number) ^ 1;
    bench().put(bytes);
    expect(await code(run())).toMatch(/^ERR_CACHE_/);
    expect(written()).toEqual(["good", "good"]);
  });

  it("is in use meanwhile", async () => {
    await packed(`ls "$BUNDLE_DIRECTORY/../../../leases" > ${out()}`);
    expect(await run()).toBe(0);
    expect(written()).toHaveLength(1);
  });

  it("tells by 128 and its number which signal ended it", async () => {
    await packed("kill -TERM $$");
    expect(await run()).toBe(128 + 15);
  });

  it("fails clearly without a command, and with one that the system does not start", async () => {
    await bench().make();
    expect(await code(run())).toBe("ERR_CACHE_FORMAT");
    const bad = { path: "bin/bad", content: text("#!/does/not/exist\n"), mode: 0o755 };
    await packed("exit 0", { command: "bin/bad" }, [bad]);
    expect(await code(run())).toBe("ERR_CACHE_STORE");
    await expect(run({ verify: "none" } as never)).rejects.toThrow(/runBundle has no option/);
  });
});
