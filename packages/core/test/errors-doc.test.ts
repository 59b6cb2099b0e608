import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, code]) => code).sort();

describe("docs/errors.md", () => {
  it("has a heading for every code, and no other", () => {
    const codes = found(read("../src/errors.ts"), /\| "(ERR_CACHE_[A-Z_]+)"/g);
    expect(codes.length).toBeGreaterThan(15);
    expect(found(read("../../../docs/errors.md"), /^## (ERR_CACHE_[A-Z_]+)$/gm)).toEqual(codes);
  });
});
