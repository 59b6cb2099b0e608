import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import type { FileMember } from "./member.ts";

/** Bytes of one read. */
const PIECE = 262_144;
/** Up to so many bytes a file is read at once: handing four calls to other threads takes longer. */
const SMALL = 65_536;
/** What was a file when it was found may be a link or a pipe by now. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** A file and the SHA-256 of its bytes in hexadecimal. */
export interface DigestedFile extends FileMember {
  readonly digest: string;
}

/**
 * The bytes of a file that was found before.
 * @param tell - is given the digest when the file has been read
 * @throws TypeError for a file that changed since
 */
export async function* readFile(
  root: string,
  member: FileMember,
  tell: (file: DigestedFile) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const hash = createHash("sha256");
  const pieces = member.size <= SMALL ? [readSmall(root, member)] : readLarge(root, member);
  for await (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
  tell({ ...member, digest: hash.digest("hex") });
}

/** One byte more than a file had, so that one that grew is told from one that did not. */
const roomFor = (bytes: number): Uint8Array => new Uint8Array(Math.min(PIECE, bytes + 1));

function readSmall(root: string, member: FileMember): Uint8Array {
  const file = openSync(join(root, member.path), FLAGS);
  try {
    if (!fstatSync(file).isFile()) throw changed(member);
    const room = roomFor(member.size);
    const bytes = room.subarray(0, readSync(file, room));
    if (bytes.byteLength !== member.size) throw changed(member);
    return bytes;
  } finally {
    closeSync(file);
  }
}

async function* readLarge(root: string, member: FileMember): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await open(join(root, member.path), FLAGS);
  try {
    if (!(await file.stat()).isFile()) throw changed(member);
    yield* piecesOf(file, member);
  } finally {
    await file.close();
  }
}

async function* piecesOf(file: FileHandle, member: FileMember): AsyncGenerator<Uint8Array, void, undefined> {
  let left = member.size;
  for (;;) {
    const room = roomFor(left);
    const { bytesRead } = await file.read(room);
    if (bytesRead > left || (bytesRead === 0 && left > 0)) throw changed(member);
    if (bytesRead === 0) return;
    left -= bytesRead;
    yield room.subarray(0, bytesRead);
  }
}

const changed = ({ path }: FileMember): TypeError => new TypeError(`${path || "the file"} changed while it was read`);
