import { createHash } from "node:crypto";
import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { changed } from "./changed.ts";
import type { FileMember } from "./member.ts";
import { type SeenFile, stampOf } from "./seen-file.ts";

/** Bytes of one read. */
const PIECE = 262_144;
/** Up to so many bytes a file is read at once: handing three calls to other threads takes longer. */
const SMALL = 65_536;
/** What was a file when it was found may be a link or a pipe by now. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** A file and the SHA-256 of its bytes in hexadecimal. */
export interface DigestedFile extends FileMember {
  readonly digest: string;
}

/**
 * The bytes of a file that was found before, at most as many as it had then. What was opened is that file, whatever directory on the way to it
 * is a link by now; whether it stays what it was is for `requireUnchanged` to find.
 * @param tell - is given the digest when the file has been read
 * @throws TypeError for another file
 */
export async function* readFile(
  root: string,
  seen: SeenFile,
  tell: (file: DigestedFile) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { path, size, executable } = seen;
  const hash = createHash("sha256");
  const from = join(root, path);
  for await (const piece of size <= SMALL ? [readSmall(from, seen)] : readLarge(from, seen)) {
    hash.update(piece);
    yield piece;
  }
  tell({ path, size, executable, digest: hash.digest("hex") });
}

function requireSame(found: BigIntStats, { path, stamp }: SeenFile): void {
  if (stampOf(found) !== stamp) throw changed(path);
}

function readSmall(path: string, seen: SeenFile): Uint8Array {
  const file = openSync(path, FLAGS);
  try {
    requireSame(fstatSync(file, { bigint: true }), seen);
    const room = new Uint8Array(seen.size);
    return room.subarray(0, readSync(file, room));
  } finally {
    closeSync(file);
  }
}

async function* readLarge(path: string, seen: SeenFile): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await open(path, FLAGS);
  try {
    requireSame(await file.stat({ bigint: true }), seen);
    for (let left = seen.size; left > 0; ) {
      const room = new Uint8Array(Math.min(PIECE, left));
      const { bytesRead } = await file.read(room);
      if (bytesRead === 0) return;
      left -= bytesRead;
      yield room.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
