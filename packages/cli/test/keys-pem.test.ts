import { chmodSync, existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { exportPem, importPem, SigningKey } from "@cache/core/keyring";
import { expect, test } from "vitest";
import { useBench } from "./cli.ts";

const bench = useBench();

const SEED = "a seed that this page publishes";
const SEED_ID = "3a5f49d7266977d40bd1dea95aecb647";

/** `cache keys`, on the keyring file of the bench. */
const keys = (args: readonly string[], input?: string) =>
  bench().run(["keys", ...args], {
    env: { CACHE_KEYRING_FILE: bench().path("private/keys") },
    ...(input === undefined ? {} : { input }),
  });

function fileWith(name: string, text: string, mode = 0o600): string {
  const path = bench().path(name);
  writeFileSync(path, text, { mode });
  chmodSync(path, mode);
  return path;
}

async function ids(): Promise<string[]> {
  const listed = JSON.parse((await keys(["list", "--json"])).out) as { keys: { id: string }[] };
  return listed.keys.map(({ id }) => id);
}

const idOf = ({ id }: SigningKey): string => Buffer.from(id).toString("hex");

test("a PEM key is added from a file or standard input, and exported to the same bytes", async () => {
  const [first, second] = [SigningKey.generate(), SigningKey.generate()];
  await keys(["new"]);
  expect(await keys(["add", fileWith("first.pem", exportPem(first))])).toMatchObject({ code: 0 });
  expect(await keys(["add", "-"], exportPem(second.publicKey))).toMatchObject({ code: 0 });
  expect((await ids()).slice(1)).toEqual([idOf(first), idOf(second)]);

  expect((await keys(["export", idOf(first).slice(0, 8), "--pem"])).out).toBe(exportPem(first.publicKey));
  const target = fileWith("out.pem", "what was there", 0o644);
  const exported = await keys(["export", idOf(first), "--pem", "--secret", "-o", target]);
  expect(exported).toMatchObject({ code: 0 });
  expect([readFileSync(target, "utf8"), statSync(target).mode & 0o777]).toEqual([exportPem(first), 0o600]);
  expect(bench().printed).not.toContain(exportPem(first).split("\n")[1]);
});

test("a secret key is never written to anything but a file", async () => {
  await keys(["new", "--type", "ed25519"]);
  const [id = ""] = await ids();
  symlinkSync("/dev/stdout", bench().path("link"));
  for (const rest of [[], ["-o", "-"], ["-o", bench().path("link")], ["-o", "/dev/null"], ["--json"]]) {
    const refused = await keys(["export", id, "--pem", "--secret", ...rest]);
    expect(refused, rest.join(" ")).toMatchObject({ code: 2, out: "" });
  }
  expect((await keys(["export", id])).code).toBe(2);
  expect(bench().printed).not.toContain("PRIVATE KEY");
});

test("what has no PEM form, or only its public half, is not exported", async () => {
  const other = SigningKey.generate();
  await keys(["new"]);
  await keys(["add", "-"], exportPem(other.publicKey));
  const [master = ""] = await ids();
  const target = bench().path("out.pem");
  for (const id of [master, idOf(other)]) {
    const refused = await keys(["export", id, "--pem", "--secret", "-o", target]);
    expect(refused.err).toContain("ERR_CACHE_KEY_TYPE");
  }
  await keys(["revoke", idOf(other)]);
  expect((await keys(["export", idOf(other), "--pem"])).err).toContain("ERR_CACHE_REVOKED_KEY");
  expect(existsSync(target)).toBe(false);
});

test("an encrypted PEM key is refused, with what makes it plain", async () => {
  await keys(["new"]);
  const encrypted = readFileSync(new URL("../../core/test/vectors/pem/encrypted.private.pem", import.meta.url), "utf8");
  const refused = await keys(["add", "-"], encrypted);
  expect(refused.code).toBe(2);
  expect(refused.err).toContain("ERR_CACHE_PASSPHRASE");
  expect(refused.err).toContain("openssl pkey");
  expect(await ids()).toHaveLength(1);
});

test("a seed gives the same signing key everywhere, from a private file or standard input", async () => {
  expect(await keys(["new", "--type", "ed25519", "--seed-file", fileWith("seed", SEED)])).toMatchObject({ code: 0 });
  expect(await ids()).toEqual([SEED_ID]);
  const file = bench().path("out.pem");
  await keys(["export", SEED_ID, "--pem", "--secret", "-o", file]);
  expect(idOf(importPem(readFileSync(file, "utf8")) as SigningKey)).toBe(SEED_ID);
  await keys(["remove", SEED_ID]);
  const again = bench().path("again");
  const made = await bench().run(["keys", "new", "--type", "ed25519", "--seed-file", "-", "--keyring-file", again], {
    input: SEED,
  });
  expect(made.out).toContain(SEED_ID.slice(0, 8));
  expect(bench().printed).not.toContain(SEED);
});

test("a seed that others can read, that is weak, or for a master is refused, and no file is made", async () => {
  const open = fileWith("open", SEED, 0o644);
  const weak = fileWith("weak", "password1password1");
  const good = fileWith("good", SEED);
  for (const [args, code] of [
    [["--type", "ed25519", "--seed-file", open], "ERR_CACHE_KEY_PERMISSIONS"],
    [["--type", "ed25519", "--seed-file", weak], "ERR_CACHE_WEAK_KEY"],
    [["--seed-file", good], "ERR_CACHE_USAGE"],
  ] as const) {
    const refused = await keys(["new", ...args]);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain(code);
  }
  expect(existsSync(bench().path("private/keys"))).toBe(false);
});
