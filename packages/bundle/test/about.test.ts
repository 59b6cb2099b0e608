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
  contents: optional(fc.constantFrom("entries" as const, "sealed-entries" as const)),
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

const refused = (words: string, why: RegExp) =>
  expect(() => parseAbout(text(words))).toThrow(
    expect.objectContaining({ code: "ERR_CACHE_FORMAT", message: expect.stringMatching(why) }),
  );

/** A description with these fields. */
const saying = (fields: string) => `{"format":"cache-bundle","version":1,${fields}}\n`;
const compressed = (fields: string) => saying(`"members":[{"path":"a","compressed":{${fields}}}]`);
const launching = (fields: string) => saying(`"launch":{"command":"a",${fields}}`);
const DIGEST = "0".repeat(64);

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
    ["no JSON", "{", /not JSON/],
    ["bytes that are no text", "\ufeff{}", /not JSON/],
    ["no object", "[]\n", /an object is missing/],
    ["null", "null\n", /an object is missing/],
    ["a number", "1\n", /an object is missing/],
    ["nothing", "", /not JSON/],
    ["white space", '{"format": "cache-bundle","version":1}\n', /another form/],
    ["no line break", '{"format":"cache-bundle","version":1}', /another form/],
    ["another order", '{"version":1,"format":"cache-bundle"}\n', /another form/],
    ["a field twice", saying('"release":"1","release":"2"'), /another form/],
    ["an unknown field", saying('"verify":"none"'), /unknown field/],
    ["another version", '{"format":"cache-bundle","version":2}\n', /another version/],
    ["another format", '{"format":"cache","version":1}\n', /another version/],
    ["an escaped letter", saying('"release":"\\u0061"'), /another form/],
    ["a text that is none", saying('"release":1'), /a text is none/],
    ["a lone surrogate", saying('"release":"\\ud800"'), /a text is none/],
    ["a NUL", saying('"release":"a\\u0000"'), /a text is none/],
    ["what is empty", saying('"members":[]'), /another form/],
    ["a list that is none", saying('"members":{}'), /a list is none/],
    ["a command upwards", saying('"launch":{"command":"../sh"}'), /empty, \. or \.\./],
    ["an absolute command", saying('"launch":{"command":"/bin/sh"}'), /empty, \. or \.\./],
    ["no command", saying('"launch":{}'), /a text is none/],
    ["an unknown purpose", saying('"members":[{"path":"a","purpose":"evil"}]'), /a word is none/],
    ["unknown contents", saying('"contents":"everything"'), /a word is none/],
    ["a size below zero", compressed(`"algorithm":"brotli","size":-1,"digest":"${DIGEST}"`), /a size is not/],
    ["a size in parts", compressed(`"algorithm":"brotli","size":1.5,"digest":"${DIGEST}"`), /a size is not/],
    ["another algorithm", compressed(`"algorithm":"gzip","size":1,"digest":"${DIGEST}"`), /a word is none/],
    ["a name of a variable that is none", launching('"environment":{"pass":["A=B"]}'), /a name of a variable/],
    ["everything passed", launching('"environment":{"pass":["*"]}'), /a name of a variable/],
    ["a name to set that is none", launching('"environment":{"set":[["A*","b"]]}'), /a name of a variable/],
    ["a value that is too long", launching(`"environment":{"set":[["A","${"b".repeat(32_769)}"]]}`), /too long/],
    ["a pair of three", launching('"environment":{"set":[["A","b","c"]]}'), /no pair/],
    ["a pair of one", launching('"environment":{"set":[["A"]]}'), /no pair/],
    ["a pair of none", launching('"environment":{"set":[[]]}'), /no pair/],
    ["what is too large", " ".repeat(33_554_433), /too large/],
  ] as const)("refuses %s", (_, words, why) => refused(words, why));

  it("refuses a truncated digest", () => {
    const whole = Buffer.from(noise(32)).toString("hex");
    const with_ = (digest: string) =>
      `{"format":"cache-bundle","version":1,"members":[{"path":"a","compressed":{"algorithm":"brotli","size":1,"digest":"${digest}"}}]}\n`;
    expect(parseAbout(text(with_(whole))).members).toHaveLength(1);
    refused(with_(whole.slice(0, 16)), /64 hexadecimal digits/);
    refused(with_(whole.toUpperCase()), /another form|64 hexadecimal digits/);
  });
});
