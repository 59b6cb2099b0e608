import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { compile } from "../../examples/compile.mjs";
import { documentsOf, examplesOf } from "../../examples/documents.mjs";
import { openLaboratory } from "../../examples/laboratory.mjs";
import { runExample } from "../../examples/run.mjs";
import { type Files, plant } from "../planted.ts";

const here = fileURLToPath(new URL("../../..", import.meta.url));

const tool: Files = {
  "packages/tool/package.json": {
    name: "@cache/tool",
    type: "module",
    bin: { tool: "./bin/tool.mjs" },
    exports: { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } },
  },
  "packages/tool/dist/index.js": "export const one = 1;\n",
  "packages/tool/dist/index.d.ts": "export declare const one: number;\n",
  "packages/tool/bin/tool.mjs": 'console.log("tool");\n',
};

/** What goes wrong in the examples of a README, one line each. */
async function wrongIn(...readme: string[]): Promise<string[]> {
  const root = plant({ ...tool, "README.md": readme.join("\n") });
  mkdirSync(join(root, "node_modules"));
  for (const name of ["@types", "vitest"])
    symlinkSync(join(here, "node_modules", name), join(root, "node_modules", name));
  const { programs, problems } = examplesOf(root);
  const laboratory = openLaboratory(root);
  onTestFinished(() => laboratory.remove());
  const messages = compile(
    laboratory.folder,
    programs.filter(({ language }) => language === "ts"),
  );
  const wrong = [...problems, ...[...messages.values()].flat()];
  for (const program of programs) if (program.runs) wrong.push((await runExample(laboratory, program)) ?? "");
  return wrong.filter((each) => each !== "");
}

const ts = (...lines: string[]) => ["```ts", ...lines, "```"];
const sh = (info: string, ...lines: string[]) => [`\`\`\`sh ${info}`, ...lines, "```"];

describe("running examples", () => {
  it("an example that compiles and runs, and a command that exists, are right", async () => {
    const example = ts('import { one } from "@cache/tool";', "if (one !== 1) throw new Error();");
    expect(
      await wrongIn(...example, ...sh("run", "tool", "test -x .."), ...sh("run exit=4", "tool", "exit 4")),
    ).toEqual([]);
  });

  it("a wrong type is told with its line in the document", async () => {
    const [message] = await wrongIn(
      "# Title",
      ...ts('import { one } from "@cache/tool";', "const two: string = one;", "two;"),
    );
    expect(message).toContain("README.md:4 TS2322");
  });

  it("an import that is not there is told", async () => {
    const [message] = await wrongIn(...ts('import { two } from "@cache/tool";', "two;"));
    expect(message).toContain("README.md:2 TS2305");
  });

  it("one that throws is told with its line, also behind a type that spans lines", async () => {
    const lines = [
      "interface A {",
      "  a: number;",
      "}",
      "const a: A = { a: 1 };",
      'if (a.a === 1) throw new Error("no");',
    ];
    const [message] = await wrongIn("words", "", ...ts(...lines));
    expect(message).toMatch(/^README\.md:8 ended with 1, and should end with 0\n/);
  });

  it("a promise nobody waits for that fails is told", async () => {
    expect(await wrongIn(...ts('Promise.reject(new Error("late"));'))).toHaveLength(1);
  });

  it("a script stops at its first failing line, and another exit code than it says is told", async () => {
    expect((await wrongIn("words", ...sh("run", "true", "false", "true")))[0]).toContain("README.md:3 ended with 1");
    expect((await wrongIn(...sh("run exit=2", "exit 3")))[0]).toContain("ended with 3, and should end with 2");
    expect((await wrongIn(...sh("run", "true", "absent-command")))[0]).toMatch(/^README\.md:3 ended with 127/);
  });

  it("each has an empty folder of its own, which is also its home", async () => {
    const write = ts(
      'import { readdirSync, writeFileSync } from "node:fs";',
      "if (readdirSync('.').length > 0) throw 1;",
      "writeFileSync('a', '');",
    );
    expect(await wrongIn(...write, ...write, ...sh("run", 'test "$HOME" = "$PWD"', "test ! -e a"))).toEqual([]);
  });

  it("a package that was not built is said to be so, and no example is blamed for it", () => {
    const { "packages/tool/dist/index.js": _, ...unbuilt } = tool;
    expect(() => openLaboratory(plant(unbuilt))).toThrow("@cache/tool is not built");
  });

  it("documents are the READMEs, the top files and docs, without the generated reference", () => {
    const root = plant({
      ...tool,
      "README.md": "",
      "packages/tool/README.md": "",
      "docs/guide/a.md": "",
      "docs/api/b.md": "",
      "packages/tool/CHANGELOG.md": "",
    });
    expect(documentsOf(root)).toEqual(["README.md", "packages/tool/README.md", "docs/guide/a.md"]);
  });
});
