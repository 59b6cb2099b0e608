import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** What a directory is made of: text for a file, `{ link }`, `{ run }` for a file that can be executed, `null` for a directory. */
export type Made = Readonly<Record<string, string | null | { readonly link: string } | { readonly run: string }>>;

/** A new directory of the test's own. */
export function fresh(): string {
  const path = mkdtempSync(join(tmpdir(), "cache-files-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Makes what is described below a directory. */
export function make(root: string, made: Made): string {
  mkdirSync(root, { recursive: true });
  for (const [path, content] of Object.entries(made)) {
    const target = join(root, path);
    mkdirSync(content === null ? target : dirname(target), { recursive: true });
    if (typeof content === "string") writeFileSync(target, content);
    else if (content !== null && "link" in content) symlinkSync(content.link, target);
    else if (content !== null) writeFileSync(target, content.run, { mode: 0o755 });
  }
  return root;
}

/** Describes what is below a directory. */
export function described(root: string, below = ""): Made {
  const found: Record<string, Made[string]> = {};
  for (const entry of readdirSync(join(root, below), { withFileTypes: true })) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) Object.assign(found, { [path]: null }, described(root, path));
    else if (entry.isSymbolicLink()) found[path] = { link: readlinkSync(join(root, path)) };
    else {
      const text = readFileSync(join(root, path), "utf8");
      found[path] = (statSync(join(root, path)).mode & 0o100) === 0 ? text : { run: text };
    }
  }
  return found;
}
