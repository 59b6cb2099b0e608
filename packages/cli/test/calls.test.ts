import { callRecords } from "@cache/calls";
import { fileStore } from "@cache/cas";
import { type Cache, createCache, memoize } from "@cache/core";
import { readKeyringFile } from "@cache/core/keyring-file";
import { sealer } from "@cache/crypto-envelope";
import { hmacSigner } from "@cache/signer";
import { expect, test } from "vitest";
import { useBench } from "./cli.ts";

const bench = useBench();

/** Two functions that ran, one of them twice, and one long ago. */
async function ran(cache: Cache) {
  const calls = callRecords(cache, { arguments: true, tags: { by: "ci" } });
  const render = memoize(cache, (page: string) => `<h1>${page}</h1>`, { name: "render", version: 3, calls });
  const count = memoize(cache, (n: number) => n, { name: "count", calls });
  await render("start");
  await render("other\u001b[2J");
  await count(1);
  const digest = "d".repeat(64);
  const old = {
    name: "old",
    digest,
    key: `old\n${digest}`,
    args: [],
    outcome: "computed",
    started: 1000,
    duration: 5,
  } as const;
  await calls.record(old);
  return { calls, render, count };
}

const lines = (out: string) => out.trimEnd().split("\n");
const documents = (out: string) => lines(out).map((line) => JSON.parse(line) as Record<string, string>);

test("calls: lists the newest first, chosen by name, version, digest, time and tag", async () => {
  const cache = createCache({ store: fileStore(bench().dir) });
  const { render } = await ran(cache);
  const all = documents((await bench().run(["calls", "--json"])).out);
  expect(all.map(({ name }) => name).sort()).toEqual(["count", "old", "render", "render"]);
  expect(all.at(-1)?.name).toBe("old");
  const digest = render.digest("start").slice(0, 6);
  const one = await bench().run([
    "calls",
    "list",
    "--name=render",
    "--of-version=3",
    `--digest=${digest}`,
    "--since=1h",
    "--tag=by=ci",
  ]);
  expect(one.out).toMatch(
    /^[0-9a-f]{8} {2}\d{4}-\d\d-\d\d \d\d:\d\d {2}computed {2}[\d.]+ ms +27 B +[0-9a-f]{8} {2}render 3\("start"\)\n$/,
  );
  const others = await bench().run(["calls", "--until=2020-01-31", "--json"]);
  expect(documents(others.out)).toMatchObject([{ name: "old", started: 1000 }]);
  for (const none of ["2026-02-31", "2025-02-29T10:00", "2026-04-31T00:00:00+02:00", "2026-13-01", "2026-01-01T25:00"])
    expect(await bench().run(["calls", `--since=${none}`])).toMatchObject({
      code: 2,
      err: expect.stringContaining("--since is no time"),
    });
  expect((await bench().run(["calls", "--until=2024-02-29T23:30:00-05:00", "--json"])).code).toBe(0);
  expect(await bench().run(["calls", "--tag=by=me"])).toMatchObject({ code: 0, out: "", err: "" });
  expect((await bench().run(["calls", "--name", "render"])).out).not.toContain("\u001b");
});

test("calls show: everything about one, whether its result is kept, and 1 for none", async () => {
  const cache = createCache({ store: fileStore(bench().dir) });
  const { calls, count } = await ran(cache);
  const call = await calls.query({ name: "count" }).newest();
  const id = call?.id ?? "";
  const shown = await bench().run(["calls", "show", id.slice(0, 12)]);
  expect(shown.out).toMatch(new RegExp(`^id +${id}\nfunction +count\narguments +1\ndigest +${count.digest(1)}\n`));
  expect(shown.out).toMatch(/\nresult +[0-9a-f]{64}, 12 B, kept\nruntime +node .+\ntag by +ci\n$/);
  await count.forget(1);
  const [gone] = documents((await bench().run(["calls", "show", id, "--json"])).out);
  expect(gone).toMatchObject({ id, resultState: "gone", arguments: "1" });
  const other = id.startsWith("0000") ? "0001" : "0000";
  expect(await bench().run(["calls", "show", other])).toMatchObject({ code: 1, out: "" });
});

test("calls rm: removes what is chosen with its results, says first what would go, and nothing when nothing is chosen", async () => {
  const cache = createCache({ store: fileStore(bench().dir) });
  const { calls, render, count } = await ran(cache);
  const dry = await bench().run(["calls", "rm", "--name=render", "--dry-run"]);
  expect(lines(dry.out)).toHaveLength(3);
  expect(dry.out).toContain("would remove 2 calls\n");
  expect(await calls.query().count()).toBe(4);
  expect((await bench().run(["calls", "rm", "--name=render"])).out).toBe("removed 2 calls, 2 results\n");
  expect([await render.has("start"), await count.has(1), await calls.query().count()]).toEqual([false, true, 2]);
  const id = (await calls.query({ name: "count" }).newest())?.id ?? "";
  const one = await bench().run(["calls", "rm", id, "--keep-results", "--json"]);
  expect(documents(one.out)).toEqual([{ records: 1, results: 0, dryRun: false }]);
  expect([await count.has(1), await calls.query().count()]).toEqual([true, 1]);
  expect(await bench().run(["calls", "rm", id])).toMatchObject({ code: 1, out: "removed 0 calls, 0 results\n" });
});

test("calls: are told to key holders alone", async () => {
  const file = bench().path("keys");
  await bench().run(["keys", "new", "--keyring-file", file]);
  const keyring = await readKeyringFile(file);
  await ran(createCache({ store: fileStore(bench().dir), seal: sealer(keyring), sign: hmacSigner(keyring) }));
  expect(await bench().run(["calls"])).toMatchObject({ code: 0, out: "" });
  expect(lines((await bench().run(["calls", "--keyring-file", file])).out)).toHaveLength(4);
});

test.each([
  [["calls", "find"]],
  [["calls", "constructor"]],
  [["calls", "list", "abcd"]],
  [["calls", "show"]],
  [["calls", "show", "abc"]],
  [["calls", "rm"]],
  [["calls", "rm", "abcd", "--name=f"]],
  [["calls", "--dry-run"]],
  [["calls", "--since=soon"]],
  [["calls", "--until=2020-13-01"]],
  [["calls", "--tag=ci"]],
  [["calls", "--digest=xyz"]],
])("%j is wrong use", async (args) => {
  const { code, err } = await bench().run(args);
  expect([code, err]).toEqual([2, expect.stringContaining("ERR_CACHE_USAGE")]);
});
