import { existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { auditLog } from "@cache/core/audit";
import { expect, test } from "vitest";
import { useBench } from "./cli.ts";
import { masterText } from "./keys.ts";

const bench = useBench();
const logOf = () => bench().path("audit.jsonl");
const configure = (more: object = {}) => bench().configure({ auditFile: bench().path("audit.jsonl"), ...more });
const verify = (...args: readonly string[]) => bench().run(["audit", "verify", ...args]);

/** Has a value stored, damaged and refused, which makes four lines: opened, two of the refusal, closed. */
async function refuse(env = {}): Promise<void> {
  await bench().run(["set", "a"], { env, input: "value" });
  for (const file of readdirSync(join(bench().dir, "v1/entries"), { recursive: true, encoding: "utf8" })) {
    const path = join(bench().dir, "v1/entries", file);
    if (statSync(path).isFile()) truncateSync(path, 100);
  }
  expect((await bench().run(["get", "a"], { env })).code).toBe(3);
}

async function newKey(command: "new" | "add"): Promise<string> {
  const { out } = await bench().run(["keys", command, "--keyring-file", "keys", "--json"]);
  return JSON.parse(out).added[0];
}

/** One configured with a keyring file, so that what the log is verified with is the keyring as it is then. */
async function withKeyring(): Promise<string> {
  const id = await newKey("new");
  configure({ keyringFile: bench().path("keys") });
  return id;
}

test("an audit log: what was refused is written, an edit is found, and no line without need", async () => {
  const text = masterText();
  const env = { CACHE_KEYRING: text };
  configure();
  await bench().run(["set", "a"], { env, input: "value" });
  expect((await bench().run(["get", "a"], { env })).out).toBe("value");
  expect(existsSync(logOf())).toBe(false);
  expect((await bench().run(["audit", "verify"], { env })).code).toBe(1);
  await refuse(env);
  const sound = await bench().run(["audit", "verify", "--json"], { env });
  expect(JSON.parse(sound.out)).toMatchObject({ lines: 4, runs: 1, open: 0, problems: [] });
  const log = readFileSync(logOf(), "utf8");
  expect(log).not.toContain(text.split(".").at(-1));
  writeFileSync(logOf(), log.replace(/"pid":\d+/, '"pid":1'));
  const edited = await bench().run(["audit", "verify"], { env });
  expect(edited).toMatchObject({ code: 3, out: expect.stringContaining("edited") });
  expect((await bench().run(["audit", "frob"], { env })).code).toBe(2);
});

test("audit verify: a log that somebody made anew without a key is not taken for the one that had one", async () => {
  const id = await withKeyring();
  await refuse();
  expect(await verify()).toMatchObject({ code: 0, out: expect.stringContaining(`chained with the key ${id}`) });
  rmSync(logOf());
  auditLog(logOf()).close();
  expect(await verify()).toMatchObject({ code: 3, out: expect.stringContaining("without a key") });
  expect(JSON.parse((await verify("--json")).out)).toMatchObject({
    keyIds: [],
    problems: [{ what: "unkeyed", lines: 2 }],
  });
});

test("audit verify: keys that are added, promoted and retired leave a log sound; a revoked one is named as what it is", async () => {
  const old = await withKeyring();
  await refuse();
  const next = await newKey("add");
  const keys = async (action: string, id: string) =>
    expect((await bench().run(["keys", action, id, "--keyring-file", "keys"])).code).toBe(0);
  await keys("promote", next);
  await refuse();
  const both = { code: 0, out: expect.stringMatching(new RegExp(`(?=.*${old})(?=.*${next})`, "s")) };
  expect(await verify()).toMatchObject(both);
  await keys("retire", old);
  expect(await verify()).toMatchObject(both);
  await keys("revoke", old);
  const { code, out } = await verify();
  expect(code).toBe(3);
  expect(out).toContain(`audit.jsonl:1-4  by a key that is revoked or unknown (${old})`);
  expect(out).not.toContain("edited");
  expect(out).toContain("1 problems");
});

test("audit verify: an end that was cut off is found by the head that it printed before", async () => {
  configure();
  await refuse();
  const lines = readFileSync(logOf(), "utf8").trimEnd().split("\n");
  const args = ["audit", "verify", "--no-config", logOf()];
  const { head } = JSON.parse((await bench().run([...args, "--json"])).out);
  writeFileSync(logOf(), `${lines.slice(0, 2).join("\n")}\n`);
  const unproven = await bench().run(args);
  expect(unproven).toMatchObject({ code: 0, out: expect.stringContaining("not proven") });
  const cut = await bench().run([...args, "--expect-head", head]);
  expect(cut).toMatchObject({ code: 3, out: expect.stringContaining("cut: the head that was expected is not there") });
  expect((await bench().run([...args, "--expect-head", "7"])).code).toBe(2);
});
