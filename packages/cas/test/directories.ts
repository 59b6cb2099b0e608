import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** A path in a directory that is removed when the tests of the file are over. Nothing is at the path. */
export function newDirectory(): string {
  const base = mkdtempSync(join(tmpdir(), "cas-test-"));
  afterAll(() => rmSync(base, { recursive: true, force: true }));
  return join(base, "store");
}
