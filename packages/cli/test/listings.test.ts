import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { useBench } from "./cli.ts";
import { pairText } from "./keys.ts";

const bench = useBench();

/** The two commands that keep things of their own in a cache, with something of each. */
const KINDS = ["files", "delta"] as const;

beforeEach(() => writeFileSync(bench().path("a"), "content"));

/** The stored entries. */
function entries(): string[] {
  const all = readdirSync(join(bench().dir, "v1/entries"), { recursive: true, withFileTypes: true });
  return all.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
}

/** Changes what an entry says of digests, as somebody would who writes to the store. */
function tamper(): void {
  for (const path of entries()) {
    const bytes = readFileSync(path);
    const at = bytes.indexOf('"digest":"') + 10;
    if (at < 10) continue;
    bytes[at] = bytes[at] === 48 ? 49 : 48;
    writeFileSync(path, bytes);
  }
}

const actionsOf = (kind: (typeof KINDS)[number]) => (kind === "delta" ? ["ls", "stats", "verify"] : ["ls"]);

describe.each(KINDS)("%s", (kind) => {
  test("tells what is not believed, and leaves it where it is", async () => {
    await bench().run([kind, "put", "k", "a"]);
    tamper();
    const before = entries();
    for (const action of actionsOf(kind)) {
      const { code, err, out } = await bench().run([kind, action]);
      expect([action, code, `${out}${err}`]).toEqual([action, 3, expect.stringContaining("ERR_CACHE_AUTH")]);
    }
    expect(entries()).toEqual(before);
  });

  test("tells what other keys sealed, and removes none of it", async () => {
    const [own, other] = ["own", "other"].map((name) => join(bench().home, name)) as [string, string];
    for (const file of [own, other]) await bench().run(["keys", "new", "--keyring-file", file]);
    await bench().run([kind, "put", "k", "a", "--keyring-file", own]);
    for (const [keys, why] of [
      [["--keyring-file", other], /stored names are of other keys/],
      [[], /stored names are sealed .* no key was given/],
    ] as const) {
      for (const action of actionsOf(kind)) {
        const { code, err } = await bench().run([kind, action, ...keys]);
        expect([action, code, err]).toEqual([action, 0, expect.stringMatching(why)]);
      }
      const removed = await bench().run([kind, "rm", "k", ...keys]);
      expect([removed.code, removed.err]).toEqual([0, expect.stringMatching(why)]);
      expect(removed.err).toContain("nothing is kept under k");
    }
    const [listed, removed] = [
      await bench().run([kind, "ls", "--keyring-file", own]),
      await bench().run([kind, "rm", "k", "--keyring-file", own]),
    ];
    expect([listed.err, removed.code, removed.err]).toEqual(["", 0, ""]);
    expect((await bench().run([kind, "ls", "--keyring-file", own])).out).toBe("");
  });

  test("tells what others signed", async () => {
    await bench().run([kind, "put", "k", "a"], { env: { CACHE_KEYRING: pairText().secret } });
    const env = { CACHE_KEYRING: pairText().public };
    for (const action of actionsOf(kind)) {
      const { code, err } = await bench().run([kind, action], { env });
      expect([action, code, err]).toEqual([action, 0, expect.stringContaining("signed by keys that are not believed")]);
    }
  });
});
