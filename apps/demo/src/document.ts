import { createHash } from "node:crypto";
import type { SourceFile } from "./files.ts";
import type { Analysis } from "./transform.ts";

const sha256 = (data: Uint8Array): string => createHash("sha256").update(data).digest("hex");

/**
 * The output of the program: one line of JSON for each file, and a last one with the totals. The compressed bytes are
 * hashed here, after the cache, so that a single wrong bit from it would show.
 */
export function writeDocument(files: readonly SourceFile[], analyses: readonly Analysis[]): Uint8Array {
  const total = { files: files.length, bytes: 0, compressed: 0, lines: 0, identifiers: 0 };
  const rows = analyses.map(({ brotli, ...facts }, index) => {
    const { path, bytes } = files[index] as SourceFile;
    total.bytes += bytes.byteLength;
    total.compressed += brotli.byteLength;
    total.lines += facts.lines;
    total.identifiers += facts.tokens.identifiers;
    return JSON.stringify({
      path,
      size: bytes.byteLength,
      ...facts,
      compressed: brotli.byteLength,
      brotli: sha256(brotli),
    });
  });
  return new TextEncoder().encode(`${[...rows, JSON.stringify({ total })].join("\n")}\n`);
}

/** The SHA-256 of a document: two runs with one identity gave the same bytes. */
export const identityOf: (document: Uint8Array) => string = sha256;
