import { describe, expect, it } from "vitest";
import { checkSizes } from "../../house/sizes.mjs";
import { readWorkspace } from "../../house/workspace.mjs";
import { library, plant, shown } from "../planted.ts";

function sizesOf(source: string): string[] {
  const root = plant(library("memory", {}, { "src/index.ts": source }));
  return shown(checkSizes(root, readWorkspace(root)));
}

const lines = (count: number) => "  f();\n".repeat(count);
const inner = (count: number) => `  function g() {\n${lines(count - 2)}  }\n`;

describe("sizes", () => {
  it("a file of 200 lines passes, one of 201 is reported", () => {
    expect(sizesOf("f();\n".repeat(200))).toEqual([]);
    expect(sizesOf("f();\n".repeat(201))).toEqual(["packages/memory/src/index.ts 201 lines; a file has at most 200"]);
  });

  it("a function of 30 lines passes, one of 31 is reported where it begins", () => {
    expect(sizesOf(`function f() {\n${lines(28)}}\n`)).toEqual([]);
    expect(sizesOf(`/**\n * Words do not count.\n */\nfunction f() {\n${lines(29)}}\n`)).toEqual([
      "packages/memory/src/index.ts:4 a function of 31 lines; at most 30 besides the functions in it",
    ]);
  });

  it("a factory holds its functions up to 80 lines", () => {
    expect(sizesOf(`function f() {\n${inner(26)}${inner(26)}${inner(26)}}\n`)).toEqual([]);
    expect(sizesOf(`function f() {\n${inner(26)}${inner(26)}${inner(27)}}\n`)).toHaveLength(1);
  });

  it("functions inside do not excuse a long function round them", () => {
    expect(sizesOf(`function f() {\n${inner(20)}${lines(30)}}\n`)).toHaveLength(1);
  });
});
