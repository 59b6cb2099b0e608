import { formatKey, SigningKey } from "@cache/core/keyring";
import { expect, test } from "vitest";
import { useBench } from "./cli.ts";
import { masterText, tracesOf } from "./keys.ts";

const bench = useBench();

test("with CACHE_REQUIRE an entry of nobody is not even looked at when no key was given, or its variable is misspelt", async () => {
  const key = masterText();
  await bench().run(["set", "a"], { input: "planted" });
  expect((await bench().run(["get", "a"], { env: { CACHE_KEYRNG: key } })).out).toBe("planted");
  for (const CACHE_REQUIRE of ["sign", "seal", "sign,seal"]) {
    const ran = await bench().run(["get", "a"], { env: { CACHE_KEYRNG: key, CACHE_REQUIRE } });
    expect(ran).toMatchObject({ code: 2, out: "", err: expect.stringContaining("(ERR_CACHE_CONFIG)") });
  }
  const signed = { CACHE_KEYRING: formatKey(SigningKey.generate()), CACHE_REQUIRE: "sign" };
  expect(await bench().run(["set", "b"], { env: signed, input: "mine" })).toMatchObject({ code: 0, err: "" });
  expect((await bench().run(["get", "b"], { env: signed })).out).toBe("mine");
  expect((await bench().run(["get", "b"], { env: { ...signed, CACHE_REQUIRE: "sign,seal" } })).code).toBe(2);
  for (const trace of tracesOf(key)) expect(bench().printed).not.toContain(trace);
});

test("CACHE_REQUIRE takes nothing back, is shown, and another word in it is an error", async () => {
  bench().configure({ require: ["seal"] });
  const env = { CACHE_KEYRING: formatKey(SigningKey.generate()), CACHE_REQUIRE: "sign" };
  expect(await bench().run(["get", "a"], { env })).toMatchObject({ code: 2, err: expect.stringContaining('"seal"') });
  expect(JSON.parse((await bench().run(["config", "show", "--json"], { env })).out)).toMatchObject({
    outside: { require: "CACHE_REQUIRE" },
  });
  for (const CACHE_REQUIRE of ["", "sgin", "sign;seal"])
    expect(await bench().run(["get", "a"], { env: { ...env, CACHE_REQUIRE } })).toMatchObject({
      code: 2,
      err: expect.stringContaining("CACHE_REQUIRE is sign, seal or sign,seal"),
    });
});

test("a variable that is nearly one of the command's is remarked on by its name, and others are not", async () => {
  const key = masterText();
  const near = {
    CACHE_KEYRNG: "CACHE_KEYRING",
    CACHE_KEYIRNG_FILE: "CACHE_KEYRING_FILE",
    CACHE_KEYRINGS: "CACHE_KEYRING",
    CACHE_REQIRES: "CACHE_REQUIRE",
    CACHE_OF: "CACHE_OFF",
    CACHE_keyring: "CACHE_KEYRING",
  };
  const far = {
    CACHE_URL: key,
    CACHE_ON: key,
    CACHE_DB: key,
    CACHE_HOSTS: key,
    CACHE_: key,
    [`CACHE_${"X".repeat(9999)}`]: key,
  };
  const env = { ...far, ...Object.fromEntries(Object.keys(near).map((name) => [name, key])) };
  const { code, err } = await bench().run(["get", "a"], { env });
  const remarks = Object.entries(near).map(
    ([name, meant]) => `cache: ${name} is no variable of this command; did you mean ${meant}?`,
  );
  expect([code, err.trimEnd().split("\n").sort()]).toEqual([1, remarks.sort()]);
  for (const trace of tracesOf(key)) expect(err).not.toContain(trace);
});
