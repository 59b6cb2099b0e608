import { spawnSync } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { BIN, useBench } from "./cli.ts";

const bench = useBench();
const FIRST = "the first passphrase";
const SECOND = "the second passphrase";

const keys = (): string => bench().path("private/keys");
const env = (passphrase?: string) => ({ CACHE_KEYRING_FILE: keys(), CACHE_KEYRING_PASSPHRASE: passphrase });

/** A private file with a passphrase in its first line. */
function fileWith(passphrase: string, mode = 0o600): string {
  const path = bench().path(`passphrase-${mode}-${passphrase.length}`);
  writeFileSync(path, `${passphrase}\nand a second line\n`, { mode });
  return path;
}

const isText = (): boolean => readFileSync(keys(), "latin1").includes("cache-keyring");

test("keys new with a passphrase makes a file that only that passphrase opens", async () => {
  expect(await bench().run(["keys", "new"], { env: env(FIRST) })).toMatchObject({ code: 0, err: "" });
  expect([isText(), statSync(keys()).mode & 0o777]).toEqual([false, 0o600]);
  await bench().run(["set", "a"], { env: env(FIRST), input: "value" });
  expect((await bench().run(["get", "a"], { env: env(FIRST) })).out).toBe("value");
  expect((await bench().run(["get", "a", "--passphrase-file", fileWith(FIRST)], { env: env() })).out).toBe("value");
  for (const given of [undefined, SECOND, ""]) {
    const refused = await bench().run(["get", "a"], { env: env(given) });
    expect(refused).toMatchObject({ code: 2, out: "" });
    expect(refused.err).toContain("ERR_CACHE_PASSPHRASE");
  }
  expect((await bench().run(["keys", "add"], { env: env(FIRST) })).code).toBe(0);
  expect(JSON.parse((await bench().run(["keys", "list", "--json"], { env: env(FIRST) })).out).keys).toHaveLength(2);
  expect(isText()).toBe(false);
  expect(bench().printed).not.toContain(FIRST);
});

test("a file can be protected, protected anew, and be text again", async () => {
  await bench().run(["keys", "new"], { env: env() });
  const list = (passphrase?: string) => bench().run(["keys", "list"], { env: env(passphrase) });
  const before = (await list()).out;
  const first = await bench().run(["keys", "protect", "--new-passphrase-file", fileWith(FIRST)], { env: env() });
  expect(first).toMatchObject({ code: 0, err: "" });
  expect([isText(), (await list(FIRST)).out]).toEqual([false, before]);
  const second = ["keys", "protect", "--new-passphrase-file", fileWith(SECOND)];
  expect((await bench().run(second, { env: env(SECOND) })).code).toBe(2);
  expect((await bench().run(second, { env: env(FIRST) })).code).toBe(0);
  expect([(await list(FIRST)).code, (await list(SECOND)).out]).toEqual([2, before]);
  expect((await bench().run(["keys", "unprotect"], { env: env(SECOND) })).code).toBe(0);
  expect([isText(), (await list()).out]).toEqual([true, before]);
  expect((await bench().run(["keys", "unprotect"], { env: env() })).code).toBe(2);
});

test("a passphrase that was made here is printed once, and opens the file", async () => {
  await bench().run(["keys", "new"], { env: env() });
  const made = (await bench().run(["keys", "protect", "--generate"], { env: env() })).out.trim();
  expect(made).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){4}$/);
  expect((await bench().run(["keys", "list"], { env: env(made) })).code).toBe(0);
});

test("a passphrase that nobody would read protects nothing", async () => {
  await bench().run(["keys", "new"], { env: env() });
  const command = `"${process.execPath}" "${BIN}" keys protect --generate`;
  const shells = [`${command} >&-`, `${command} > /dev/null`, `(${command}; echo $? >&2) | true`];
  for (const shell of shells) {
    const { status, stderr } = spawnSync("bash", ["-c", shell], {
      env: { PATH: process.env.PATH, HOME: bench().home, CACHE_KEYRING_FILE: keys() },
      encoding: "utf8",
    });
    expect(stderr, shell).toContain("nothing was changed");
    expect([status, stderr.includes("\n2\n")], shell).toEqual(shell.endsWith("true") ? [0, true] : [2, false]);
    expect(isText(), shell).toBe(true);
  }
});

test("what protects nothing is refused, and the file stays as it was", async () => {
  await bench().run(["keys", "new"], { env: env() });
  const before = readFileSync(keys());
  const refused = [
    ["--new-passphrase-file", fileWith("too short")],
    ["--new-passphrase-file", fileWith(FIRST, 0o644)],
    ["--new-passphrase-file", bench().path("absent")],
    ["--new-passphrase-file", fileWith(FIRST), "--generate"],
    [],
  ];
  for (const options of refused) {
    expect((await bench().run(["keys", "protect", ...options], { env: env() })).code, options.join(" ")).toBe(2);
  }
  const both = { ...env(FIRST), CACHE_KEYRING_PASSPHRASE_FILE: fileWith(FIRST) };
  expect((await bench().run(["keys", "list"], { env: both })).code).toBe(2);
  // A passphrase was given, so a file that anybody could have written is not taken for the protected one.
  expect((await bench().run(["keys", "list"], { env: env(FIRST) })).err).toContain("ERR_CACHE_PASSPHRASE");
  expect(readFileSync(keys())).toEqual(before);
});
