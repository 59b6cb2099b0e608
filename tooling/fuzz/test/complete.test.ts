import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { targets } from "../targets.mjs";

const packages = fileURLToPath(new URL("../../../packages/", import.meta.url));
/** A suite of cases reads nothing that others made. */
const LEFT_OUT = ["conformance"];
const READS =
  /^export (?:async )?(?:function\*? |const )((?:parse|decode|read|verify|open|from|inspect|load|unpae|lines)[A-Za-z0-9]*)/gm;

/** Why a function whose name says that it reads has no target of its own. */
const EXCUSED: Readonly<Record<string, string>> = {
  openLookingDesk: "puts together what openSession and deltaStore read",
  readTree: "looks at a user's own files, and reads none",
  fromLowerHex: "holds a text against a pattern and leaves it to fromHex",
  openBlocks: "hands bytes of a file on and looks at none",
  openDesk: "puts together what openSession and deltaStore read",
  openFile: "opens a file and reads nothing",
  openCache: "puts together what loadConfig, parseKeyring and the stores read",
  openTelemetryMeter: "adapts a meter; its name is that of a product",
  openSession: "puts together what loadConfig, parseKeyring and the stores read",
  openValue: "hands bytes of a file on and looks at none",
  loadKeyring: "chooses where keys come from; parseKeyring reads them",
  readAll: "hands bytes of a file on and looks at none",
  readAllLater: "hands bytes of a file on and looks at none",
  readFile: "hands bytes of a user's own file on and looks at none",
  readInput: "hands bytes of a file on and looks at none",
  readPrivateFile: "hands bytes of a file on and looks at none",
  readRegular: "hands bytes of a file on and looks at none",
  readRegularFile: "hands bytes of a file on and looks at none",
  readOnce: "hands bytes of a file on and looks at none",
  fromIoredis: "adapts a client; reads nothing",
  fromNodeRedis: "adapts a client; reads nothing",
  fromOrigin: "asks a store in another way; reads nothing",
  open: "hands pieces of a value on and looks at none",
  readThrough: "asks for content to its end; the envelope and the digest verify it",
  verifyEntry: "asks loadEntry and the form of content, which read",
  readOnly: "a store that does not write; reads nothing itself",
};

function namesOfReaders(): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of readdirSync(packages).filter((each) => !LEFT_OUT.includes(each))) {
    const files = readdirSync(`${packages}${name}/src`, { recursive: true, encoding: "utf8" });
    for (const file of files.filter((each) => each.endsWith(".ts"))) {
      const text = readFileSync(`${packages}${name}/src/${file}`, "utf8");
      for (const [, reader = ""] of text.matchAll(READS)) found.set(reader, `packages/${name}/src/${file}`);
    }
  }
  return found;
}

describe("the targets", () => {
  const covered = new Set(targets.flatMap(({ covers }) => covers));

  it("are every function of the packages that parses, decodes, reads, opens, verifies or loads, or there is a reason", () => {
    const readers = namesOfReaders();
    expect(readers.size).toBeGreaterThan(50);
    const forgotten = [...readers].filter(([name]) => !covered.has(name) && !Object.hasOwn(EXCUSED, name));
    expect(forgotten).toEqual([]);
    expect(Object.keys(EXCUSED).filter((name) => !readers.has(name) || covered.has(name))).toEqual([]);
  });

  it("have names of their own", () => {
    expect(new Set(targets.map(({ name }) => name)).size).toBe(targets.length);
  });
});
