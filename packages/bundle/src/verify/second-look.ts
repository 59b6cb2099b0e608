import { CacheError } from "@cache/core/adapter";
import { crypto as ours } from "@cache/core/crypto";
import { crypto as other } from "@cache/core/crypto/portable";
import type { Head } from "../file/head.ts";
import { PackageFile } from "../file/package-file.ts";

async function digestOf(file: PackageFile, at: number, size: number, signal: AbortSignal | undefined) {
  const hash = other.sha256Stream();
  for await (const piece of file.stream(at, size, signal)) hash.update(piece);
  return hash.digest();
}

/**
 * Opens the package again and digests record, manifest and members with another library than the first time.
 * @throws CacheError `ERR_CACHE_AUTH` when anything is other than it was
 */
export async function lookAgain(path: string, head: Head, size: number, signal?: AbortSignal): Promise<void> {
  const file = await PackageFile.open(path);
  try {
    const { record, statement, members } = head;
    const ranges = [
      { at: 0, size: record.byteLength, digest: other.sha256(record) },
      { at: record.byteLength, size: statement.size, digest: statement.digest },
      ...members.filter(({ type }) => type === "file"),
    ];
    if (file.size !== size) throw differs();
    for (const range of ranges) {
      if (!ours.equal(await digestOf(file, range.at, range.size, signal), range.digest)) throw differs();
    }
  } finally {
    await file.close();
  }
}

const differs = (): CacheError =>
  new CacheError("ERR_CACHE_AUTH", "the package is another one when it is read a second time");
