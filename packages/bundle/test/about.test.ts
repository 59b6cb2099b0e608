import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { About } from "../src/about/about.ts";
import { encodeAbout } from "../src/about/encode.ts";
import { parseAbout } from "../src/about/parse.ts";
import { noise, text } from "./bench.ts";

const word = fc
  .string({ unit: "grapheme", maxLength: 20 })
  .filter((each) => each.isWellFormed() && !each.includes("\0"));
const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,10}$/);
const path = fc.stringMatching(/^[a-z]{1,8}$/);
const variables = fc.array(fc.tuple(name, name), { maxLength: 4 }).map((pairs) => Object.fromEntries(pairs));
const patterns = fc
  .uniqueArray(
    fc.oneof(
      name,
      name.map((each) => `${each}*`),
    ),
    { maxLength: 4 },
  )
  .map((list) => list.sort());
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const about: fc.Arbitrary<About> = fc.record({
  version: optional(word),
  launch: optional(
    fc.record({
      command: path,
      arguments: optional(fc.array(word, { minLength: 1, maxLength: 3 })),
      workDirectory: optional(fc.constantFrom("package" as const, "temporary" as const)),
      environment: optional(fc.record({ pass: patterns, unset: patterns, map: variables, set: variables })),
    }),
  ),
  members: fc.array(
    fc.record({
      path,
      purpose: optional(fc.constantFrom("code" as const, "data" as const)),
      compressed: optional(
        fc.record({
          algorithm: fc.constant("brotli" as const),
          size: fc.nat(),
          digest: fc.uint8Array({ minLength: 32, maxLength: 32 }),
        }),
      ),
    }),
    { maxLength: 4 },
  ),
});

const refused = (words: string) =>
  expect(() => parseAbout(text(words))).toThrow(expect.objectContaining({ code: "ERR_CACHE_FORMAT" }));

describe("description", () => {
  it("says after parsing what was encoded, and has one form", () => {
    fc.assert(
      fc.property(about, (each) => {
        const bytes = encodeAbout(each);
        expect(encodeAbout(parseAbout(bytes))).toEqual(bytes);
      }),
      { numRuns: 300 },
    );
  });

  it("takes __proto__ for a name like any other", () => {
    const set = JSON.parse('{"__proto__":"x"}');
    const parsed = parseAbout(encodeAbout({ launch: { command: "a", environment: { set } }, members: [] }));
    expect(Object.entries(parsed.launch?.environment?.set ?? {})).toEqual([["__proto__", "x"]]);
  });

  it.each([
    ["no JSON", "{"],
    ["no object", "[]\n"],
    ["nothing", ""],
    ["white space", '{"format": "cache-bundle","version":1}\n'],
    ["no line break", '{"format":"cache-bundle","version":1}'],
    ["another order", '{"version":1,"format":"cache-bundle"}\n'],
    ["a field twice", '{"format":"cache-bundle","version":1,"release":"1","release":"2"}\n'],
    ["an unknown field", '{"format":"cache-bundle","version":1,"verify":"none"}\n'],
    ["another version", '{"format":"cache-bundle","version":2}\n'],
    ["another format", '{"format":"cache","version":1}\n'],
    ["an escaped letter", '{"format":"cache-bundle","version":1,"release":"\\u0061"}\n'],
    ["what is empty", '{"format":"cache-bundle","version":1,"members":[]}\n'],
    ["a command upwards", '{"format":"cache-bundle","version":1,"launch":{"command":"../sh"}}\n'],
    ["an absolute command", '{"format":"cache-bundle","version":1,"launch":{"command":"/bin/sh"}}\n'],
    ["no command", '{"format":"cache-bundle","version":1,"launch":{}}\n'],
    ["an unknown purpose", '{"format":"cache-bundle","version":1,"members":[{"path":"a","purpose":"evil"}]}\n'],
    [
      "a size that is none",
      '{"format":"cache-bundle","version":1,"members":[{"path":"a","compressed":{"algorithm":"brotli","size":-1,"digest":""}}]}\n',
    ],
    [
      "a name of a variable that is none",
      '{"format":"cache-bundle","version":1,"launch":{"command":"a","environment":{"pass":["A=B"]}}}\n',
    ],
    [
      "everything passed",
      '{"format":"cache-bundle","version":1,"launch":{"command":"a","environment":{"pass":["*"]}}}\n',
    ],
    [
      "pairs of three",
      '{"format":"cache-bundle","version":1,"launch":{"command":"a","environment":{"set":[["A","b","c"]]}}}\n',
    ],
  ])("refuses %s", (_, words) => refused(words));

  it("refuses a truncated digest", () => {
    const whole = Buffer.from(noise(32)).toString("hex");
    const with_ = (digest: string) =>
      `{"format":"cache-bundle","version":1,"members":[{"path":"a","compressed":{"algorithm":"brotli","size":1,"digest":"${digest}"}}]}\n`;
    expect(parseAbout(text(with_(whole))).members).toHaveLength(1);
    refused(with_(whole.slice(0, 16)));
    refused(with_(whole.toUpperCase()));
  });
});
