import { createHash } from "node:crypto";
import { closeSync, lstatSync, mkdtempSync, openSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Name, Store } from "@cache/core";
import { afterAll } from "vitest";

const made: string[] = [];
// Here and not where they are made: a hook that a running test registers comes too late.
afterAll(() => {
  for (const base of made) rmSync(base, { recursive: true, force: true });
});

/** A directory of its own, removed when the tests of the file are over. */
export function newBase(): string {
  const base = mkdtempSync(join(tmpdir(), "cas-test-"));
  made.push(base);
  return base;
}

/** A path in such a directory. Nothing is there. */
export function newDirectory(): string {
  return join(newBase(), "store");
}

/** A name that depends on a word. */
export function nameOf(word: string, kind: "blobs" | "entries" = "blobs"): Name {
  return `${kind}/${createHash("sha256").update(word).digest("hex")}`;
}

/** Where a store of one level keeps a value. */
export function fileOf(directory: string, name: Name): string {
  const [kind, hex] = name.split("/") as [string, string];
  return join(directory, "v1", kind, hex.slice(0, 2), hex);
}

/** Everything below a directory with its permissions: `["v1 700", …]`. */
export function treeOf(directory: string, prefix = ""): string[] {
  return readdirSync(join(directory, prefix))
    .map((name) => join(prefix, name))
    .flatMap((path) => {
      const found = lstatSync(join(directory, path));
      const row = `${path} ${(found.mode & 0o7777).toString(8)}`;
      return found.isDirectory() ? [row, ...treeOf(directory, path)] : [row];
    })
    .sort();
}

/** The number that the next opened file gets: the same before and after means that nothing was left open. */
export function nextDescriptor(): number {
  const fd = openSync(tmpdir(), "r");
  closeSync(fd);
  return fd;
}

/** Bytes that tell where they belong. */
export function bytesOf(length: number, seed = 1): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (at * 31 + seed * 7 + (at >> 8)) & 0xff);
}

export async function namesIn(store: Store, kind: "blobs" | "entries"): Promise<Name[]> {
  const names: Name[] = [];
  for await (const { name } of store.list(kind)) names.push(name);
  return names.sort();
}

/** An error of a store, with the platform's as its cause. */
export interface Failure extends Error {
  readonly code?: string;
  readonly cause: { readonly code?: string } | undefined;
}

/** What a call rejects with. */
export async function failureOf(call: Promise<unknown>): Promise<Failure> {
  const answer = await call.then(
    () => undefined,
    (error: Failure) => error,
  );
  if (answer === undefined) throw new Error("the call resolved, expected it to reject");
  return answer;
}
