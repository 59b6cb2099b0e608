import { describe, expect, it } from "vitest";
import { checkPortable } from "../../house/portable.mjs";
import { readWorkspace } from "../../house/workspace.mjs";
import { library, plant, shown } from "../planted.ts";

const imports = { "#host": { "@cache/source": { node: "./src/host/node.ts", default: "./src/host/portable.ts" } } };

function portableOf(name: string, sources: Record<string, string>): string[] {
  const files = Object.fromEntries(Object.entries(sources).map(([path, text]) => [`src/${path}`, text]));
  const root = plant(library(name, { imports }, files));
  return shown(checkPortable(root, readWorkspace(root)));
}

describe("portable sources", () => {
  it("Node is for the file that the imports map chooses for Node, and for core's audit and keyring-file", () => {
    const node = 'import { channel } from "node:diagnostics_channel"; Buffer.alloc(1); channel("a");';
    const sources = {
      "index.ts": 'import "#host";',
      "host/node.ts": node,
      "host/portable.ts": "",
      "keyring-file/read.ts": node,
    };
    expect(portableOf("core", sources)).toEqual([]);
    expect(portableOf("memory", { "keyring-file/read.ts": node })).not.toEqual([]);
  });

  it("a node: import anywhere else is reported, also in a file named node.ts that no map chooses", () => {
    const node = 'import { readFileSync } from "node:fs";';
    expect(portableOf("core", { "index.ts": `\n${node}`, "other/node.ts": node })).toEqual([
      "packages/core/src/index.ts:2 node:fs in a portable source",
      "packages/core/src/other/node.ts:1 node:fs in a portable source",
    ]);
  });

  it("going round the map to the file for Node is reported", () => {
    const found = portableOf("core", { "index.ts": 'import "./host/node.ts";', "host/node.ts": 'import "node:fs";' });
    expect(found.join()).toContain("imports packages/core/src/host/node.ts, which needs Node");
    expect(portableOf("core", { "index.ts": 'import "./keyring-file/a.ts";', "keyring-file/a.ts": "" })).toHaveLength(
      1,
    );
  });

  it.each(["Buffer.from(a)", "process.env", "f(setImmediate)", "({ process })"])(
    "Node's globals are reported: %s",
    (code) => {
      expect(portableOf("signer", { "index.ts": `export const x = ${code};` })).toHaveLength(1);
    },
  );

  it("a member or a parameter of the same name is nobody's global", () => {
    const code =
      "export interface Job { process(): void }\nexport const run = (job: Job) => job.process();\nexport const o = { Buffer: 1 };";
    expect(portableOf("signer", { "index.ts": code })).toEqual([]);
  });

  it("packages for Node use it freely", () => {
    expect(portableOf("cas", { "index.ts": 'import "node:fs";' })).toEqual([]);
  });
});
