import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A path in a directory of its own, removed after the test; with a private file at it when a content is given. */
export function newFile(content?: string | Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), "keyring-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "keys");
  if (content !== undefined) writeFileSync(path, content, { mode: 0o600 });
  return path;
}
