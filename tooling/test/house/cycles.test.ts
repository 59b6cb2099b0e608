import { describe, expect, it } from "vitest";
import { checkCycles } from "../../house/cycles.mjs";
import { readWorkspace } from "../../house/workspace.mjs";
import { library, plant, shown } from "../planted.ts";

function cyclesOf(sources: Record<string, string>, change: Record<string, unknown> = {}): string[] {
  const files = Object.fromEntries(Object.entries(sources).map(([name, text]) => [`src/${name}`, text]));
  const root = plant(library("memory", change, files));
  return shown(checkCycles(root, readWorkspace(root)));
}

describe("cycles", () => {
  it("a tree, and a diamond, are no cycle", () => {
    const leaf = 'import "./leaf.ts";';
    expect(
      cyclesOf({ "index.ts": 'import "./a.ts"; import "./b.ts";', "a.ts": leaf, "b.ts": leaf, "leaf.ts": "" }),
    ).toEqual([]);
  });

  it("a ring of three is reported once, with its way round", () => {
    const ring = { "a.ts": 'import "./b.ts";', "b.ts": 'export * from "./c.ts";', "c.ts": 'import "./a.ts";' };
    expect(cyclesOf({ ...ring, "index.ts": 'import "./b.ts";' })).toEqual([
      "packages/memory/src/a.ts import cycle: " +
        "packages/memory/src/a.ts -> packages/memory/src/b.ts -> packages/memory/src/c.ts -> packages/memory/src/a.ts",
    ]);
  });

  it("two rings are two reports", () => {
    const found = cyclesOf({
      "a.ts": 'import "./b.ts";',
      "b.ts": 'import "./a.ts"; import "./c.ts";',
      "c.ts": 'import "./d.ts";',
      "d.ts": 'import "./c.ts";',
    });
    expect(found).toHaveLength(2);
  });

  it("a ring of types only, a lazy import, and a file that imports itself count", () => {
    expect(
      cyclesOf({ "a.ts": 'import type { B } from "./b.ts";', "b.ts": 'import type { A } from "./a.ts";' }),
    ).toHaveLength(1);
    expect(cyclesOf({ "a.ts": 'export const b = () => import("./b.ts");', "b.ts": 'import "./a.ts";' })).toHaveLength(
      1,
    );
    expect(cyclesOf({ "a.ts": 'import "./a.ts";' })).toHaveLength(1);
  });

  it("a ring through the imports map is found in the file of either runtime", () => {
    const imports = { "#platform": { "@cache/source": { node: "./src/node.ts", default: "./src/portable.ts" } } };
    const files = { "a.ts": 'import "#platform";', "node.ts": "", "portable.ts": 'import "./a.ts";' };
    expect(cyclesOf(files, { imports }).join()).toContain("packages/memory/src/portable.ts");
  });
});
