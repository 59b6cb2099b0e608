import { expect, test } from "vitest";
import { useBench } from "./cli.ts";

const bench = useBench();

/** A keyring file with a first key, values under it, and a second key that is primary by now. */
async function rotated(): Promise<{
  readonly env: Record<string, string>;
  readonly old: string;
  readonly digest: string;
}> {
  const env = { CACHE_KEYRING_FILE: bench().path("private/keys") };
  const old = JSON.parse((await bench().run(["keys", "new", "--json"], { env })).out).added[0] as string;
  await bench().run(["set", "small"], { env, input: "value" });
  await bench().run(["set", "large"], { env, input: "x".repeat(80_000) });
  const digest = (await bench().run(["put"], { env, input: "content" })).out.trim();
  const fresh = JSON.parse((await bench().run(["keys", "add", "--json"], { env })).out).added[0] as string;
  await bench().run(["keys", "promote", fresh], { env });
  return { env, old, digest };
}

/** Fails unless everything of {@link rotated} can be read. */
async function expectAll(env: Record<string, string>, digest: string): Promise<void> {
  expect((await bench().run(["get", "small"], { env })).out).toBe("value");
  expect((await bench().run(["get", "large"], { env })).out).toBe("x".repeat(80_000));
  expect((await bench().run(["cat", digest], { env })).out).toBe("content");
}

test("after reseal an older key can be removed, and everything is read as before", async () => {
  const { env, old, digest } = await rotated();
  const would = JSON.parse((await bench().run(["reseal", "--dry-run", "--json"], { env })).out);
  expect(would).toMatchObject({ entries: 2, contents: 2, damaged: 0, dryRun: true });
  const ran = await bench().run(["reseal", "--from", old.slice(0, 8)], { env });
  expect(ran).toMatchObject({ code: 0, err: "" });
  expect(ran.out).toContain("sealed again 2 entries and 2 contents");
  for (const action of ["retire", "revoke", "remove"]) await bench().run(["keys", action, old], { env });
  await expectAll(env, digest);
  expect(JSON.parse((await bench().run(["verify", "--json"], { env })).out)).toMatchObject({
    ...{ ok: 3, damaged: 0, foreign: 0, orphaned: 0, missing: 0 },
  });
  expect(JSON.parse((await bench().run(["reseal", "--json"], { env })).out)).toMatchObject({ entries: 0, contents: 0 });
});

test("reseal refuses a revoked key, a key that does not seal, and a cache that seals nothing", async () => {
  const { env, old, digest } = await rotated();
  const signing = JSON.parse(
    (
      await bench().run(["keys", "new", "--type", "ed25519", "--json"], {
        env: { CACHE_KEYRING_FILE: bench().path("private/signing") },
      })
    ).out,
  ).added[0] as string;
  await expect(
    bench().run(["reseal", "--from", signing], { env: { CACHE_KEYRING_FILE: bench().path("private/signing") } }),
  ).resolves.toMatchObject({ code: 2 });
  expect(await bench().run(["reseal"])).toMatchObject({ code: 2 });
  expect(await bench().run(["reseal", "--from", "ffff"], { env })).toMatchObject({ code: 2 });
  await expectAll(env, digest);
  await bench().run(["keys", "revoke", old], { env });
  const refused = await bench().run(["reseal", "--from", old], { env });
  expect(refused).toMatchObject({ code: 2, out: "" });
  expect(refused.err).toContain("may be forged");
  expect(JSON.parse((await bench().run(["reseal", "--json"], { env })).out)).toMatchObject({ entries: 0, revoked: 4 });
});
