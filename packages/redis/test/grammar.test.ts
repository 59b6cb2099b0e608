import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { redisStore } from "../src/index.ts";
import { type Bench, headOf, nameOf, openBench } from "./bench.ts";

const NAME = nameOf("entries");
let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.stop());

const number = fc.oneof(
  fc.nat(5).map(String),
  fc.bigInt(0n, 10n ** 18n).map(String),
  fc.constantFrom(
    "0005",
    "5.0",
    "5e0",
    "-5",
    "0x5",
    " 5",
    "9007199254740991",
    "9007199254740992",
    "1048576",
    "1048577",
  ),
);
const version = fc.oneof(
  fc.constant("a".repeat(32)),
  fc.string({ unit: fc.constantFrom(..."0123456789abcdefABCDEFg\n"), maxLength: 34 }),
);
const head = fc
  .tuple(version, number, number, number, number, fc.constantFrom("", " ", "\n", "\0"))
  .map(([first, ...rest]) => [first, ...rest.slice(0, 4)].join(" ") + rest[4]);

it("whatever somebody wrote for a head, it is a value or nothing, and never a failure", async () => {
  const store = redisStore(bench.client);
  const before = {
    numRuns: 300,
    examples: [[`${"a".repeat(32)} 1 5 0 0`], [`${"a".repeat(32)} 1 5 0 1024`]] as [string][],
  };
  let values = 0;
  await fc.assert(
    fc.asyncProperty(head, async (text) => {
      await bench.other.hset(headOf(), "e", text, "E", "12345");
      await bench.other.hset(`${headOf()}:${text.slice(0, text.indexOf(" "))}`, "0", "12345");
      const stat = await store.stat(NAME);
      const got = await store.get(NAME);
      const listed = [];
      for await (const row of store.list("entries")) listed.push(row.name);
      expect(got).toEqual(stat === undefined ? undefined : new Uint8Array(Buffer.from("12345")));
      // A listing counts the pieces of a long value and does not measure them.
      const isLong = !text.endsWith(" 0") && listed.length > 0;
      expect(listed).toEqual(stat === undefined && !isLong ? [] : [NAME]);
      if (got !== undefined) values += 1;
    }),
    before,
  );
  expect(values).toBeGreaterThan(1);
});
