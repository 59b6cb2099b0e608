import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { useBench } from "./cli.ts";
import { masterText } from "./keys.ts";

const bench = useBench();
const { privateKey } = generateKeyPairSync("ed25519");
const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const [native, digits] = [masterText(), randomBytes(32).toString("hex")];

/** A key, and what of it may be shown nowhere. */
const KEYS = [
  ["a key in its native form", native, native.slice(20, 32)],
  ["64 hexadecimal digits", digits, digits.slice(8, 20)],
  ["PEM", pem, (pem.split("\n")[1] as string).slice(16, 40)],
] as const;

describe.each(KEYS)("%s where a path belongs", (_, key, trace) => {
  it("is printed by nobody, with all that is told of a failure", async () => {
    const env = { CACHE_DEBUG: "1" };
    const failing = [
      await bench().run(["get", "k"], { env: { ...env, CACHE_KEYRING_FILE: key } }),
      await bench().run(["get", "k", `--keyring-file=${key}`], { env }),
      await bench().run(["get", "k", `--passphrase-file=${key}`, "--keyring-file=x"], { env }),
      await bench().run(["get", "k", `--config=${key}.json`], { env }),
      await bench().run(["trust", "show", "--", key], { env }),
    ];
    for (const { code, out, err } of failing) expect([code, out, err.includes("ERR_CACHE_")]).toEqual([2, "", true]);
    expect(bench().printed).not.toContain(trace);
  });

  it("is no directory of a cache and no file to write to, so no name has it", async () => {
    const refused = { code: 2, out: "", err: expect.stringContaining("is a key, and not a path") };
    for (const args of [
      ["set", "k", `--dir=${key}`],
      ["stats", `--dir=${key}`],
      ["migrate", "--", key],
      ["keys", "new", `--keyring-file=${key}`],
    ])
      expect(await bench().run(args, { input: "value" })).toMatchObject(refused);
    expect(await bench().run(["doctor"], { env: { CACHE_DIR: key } })).toMatchObject(refused);
    expect((await bench().run(["set", "k"], { input: "value" })).code).toBe(0);
    expect(await bench().run(["get", "k", `--output=${key}`])).toMatchObject(refused);
    expect(existsSync(bench().path(key))).toBe(false);
    expect(bench().printed).not.toContain(trace);
  });
});
