import { describe, expect, it } from "vitest";
import { checkComparisons } from "../../house/comparisons.mjs";
import { readWorkspace } from "../../house/workspace.mjs";
import { library, plant, shown } from "../planted.ts";

function comparisonsIn(code: string, name = "signer", path = "src/index.ts"): string[] {
  const root = plant(library(name, {}, { [path]: code }));
  return shown(checkComparisons(root, readWorkspace(root)));
}

describe("M60: proofs are compared in constant time", () => {
  it.each([
    "a.proof === b.proof",
    "signature != expected",
    "expectedTag == tag",
    "hmac(key, message) !== given",
    "(await sha256(x)).digest === asked",
    "toHex(left) === right",
    "left === toBase64Url(right)",
    'String(left) === right.toString("hex")',
    "left.join() === right",
    "left.equals(right)",
    "Buffer.compare(left, right) === 0",
    "left.every((byte, i) => byte === right[i])",
    "left[i] !== right[i]",
  ])("%s is reported with its line", (code) => {
    const found = comparisonsIn(`declare const x: any;\nexport const answer = ${code};`);
    expect(found.map((each) => each.split(" ")[0])).toContain("packages/signer/src/index.ts:2");
  });

  it("a loop that leaves at the first other byte is reported", () => {
    const loop =
      "export function same(a: any, b: any) {\n  for (let i = 0; i < 9; i++) if (a[i] !== b[i]) return false;\n}";
    expect(comparisonsIn(loop)).toHaveLength(1);
  });

  it.each([
    "crypto.equal(a.proof, b.proof)",
    "proof === undefined",
    "proof !== null",
    'typeof tag === "string"',
    "proof.byteLength === 32",
    "header[8] !== VERSION",
    "flags[0] === 1",
    "MAGIC.some((byte, i) => bytes[i] !== byte)",
    "toHex(a.id) === toHex(keyId)",
    "keyId.every((byte) => byte === 0)",
    "toHex(sealed) !== KNOWN_ANSWERS[suite]",
  ])("%s gives nothing away", (code) => {
    expect(comparisonsIn(`export const answer = ${code};`)).toEqual([]);
  });

  it("is asked where proofs are checked: signer, crypto-envelope and the records of core", () => {
    const code = "export const answer = proof === other;";
    expect(comparisonsIn(code, "crypto-envelope")).toHaveLength(1);
    expect(comparisonsIn(code, "core", "src/record/verify.ts")).toHaveLength(1);
    expect(comparisonsIn(code, "memory")).toEqual([]);
    expect(comparisonsIn(code, "crypto-envelope", "src/aead/self-test.ts")).toEqual([]);
  });
});
