import { describe, expect, it } from "vitest";
import { fencesOf } from "../../examples/fences.mjs";
import { programsOf } from "../../examples/programs.mjs";

const document = (...lines: string[]) => programsOf(fencesOf("a.md", lines.join("\n")));
const block = (info: string, ...lines: string[]) => [`\`\`\`${info}`, ...lines, "```"];

/** The line of a document a program's text begins at, and its text without the blank lines in front. */
const placed = (text: string) => [text.split("\n").findIndex((line) => line !== "") + 1, text.trim()];

describe("the examples in a document", () => {
  it("each ts block is a program, with its lines where they stand in the document", () => {
    const { programs } = document(
      "# Title",
      "",
      ...block("ts", "one();"),
      "words",
      ...block("ts", "two();", "three();"),
    );
    expect(programs.map(({ line, text }) => [line, ...placed(text)])).toEqual([
      [4, 4, "one();"],
      [8, 8, "two();\nthree();"],
    ]);
  });

  it("a block that continues is one program with what it continues", () => {
    const { programs } = document(...block("ts", "const a = 1;"), "words", ...block("ts continue", "use(a);"));
    expect(programs).toHaveLength(1);
    expect(programs[0]?.text.split("\n")).toEqual(["", "const a = 1;", "", "", "", "use(a);", ""]);
  });

  it("no-run compiles only, and so does what continues it", () => {
    const { programs } = document(
      ...block("ts no-run", "a();"),
      ...block("ts continue", "b();"),
      ...block("ts", "c();"),
    );
    expect(programs.map(({ runs }) => runs)).toEqual([false, true]);
  });

  it("sh blocks are programs when they say run, with the exit code they say", () => {
    const { programs } = document(
      ...block("sh", "npm i"),
      ...block("sh run", "ls"),
      ...block("sh run exit=3", "exit 3"),
    );
    expect(programs.map(({ text, exit }) => [text.trim(), exit])).toEqual([
      ["ls", 0],
      ["exit 3", 3],
    ]);
  });

  it("blocks in lists and quotations lose their indentation, longer fences hold shorter ones", () => {
    const { programs } = document(
      "- item",
      "  ```ts",
      "  if (a) {",
      "    b();",
      "  }",
      "  ```",
      "> ```ts",
      "> c();",
      "> ```",
    );
    expect(programs.map(({ text }) => text.trim())).toEqual(["if (a) {\n  b();\n}", "c();"]);
    expect(document("````md", ...block("ts", "a();"), "````").programs).toEqual([]);
    expect(document("~~~ts", "a();", "~~~").programs).toHaveLength(1);
  });

  it("a fence that is never closed goes to the end of the document", () => {
    expect(document("```ts", "a();").programs).toHaveLength(1);
  });

  it.each([
    ["typescript", '"typescript" is not checked; write "ts"'],
    ["js", '"js" is not checked; write "ts"'],
    ["ts fragment", '"ts" has no tag "fragment"'],
    ["sh exit=1", '"sh" has no tags without "run"'],
    ["sh run later", '"sh" has no tag "later"'],
    ["ts continue", "there is nothing to continue"],
  ])("%s would hide an example from the check, and is a problem with its line", (info, words) => {
    expect(document("words", ...block(info, "a();")).problems).toEqual([`a.md:2 ${words}`]);
  });

  it("other languages are left alone", () => {
    expect(document(...block("json", "{}"), ...block("", "text"), ...block("text", "a"))).toEqual({
      programs: [],
      problems: [],
    });
  });
});
