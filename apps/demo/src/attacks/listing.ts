import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** Every file below a directory with the digest of its bytes, as one text: equal texts, equal directories. */
export function listing(directory: string): string {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => `${relative(directory, path)} ${createHash("sha256").update(readFileSync(path)).digest("hex")}`)
    .join("\n");
}
