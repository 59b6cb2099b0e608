import type { Member } from "../manifest/manifest.ts";
import { pathBytes, pathOrder } from "../manifest/path.ts";
import { ABOUT_PATH, type About, type Note, RESERVED } from "./about.ts";
import { checkEntries } from "./entries.ts";
import { refuse } from "./fields.ts";

const EXECUTE = 0o100;

/**
 * Whether a description is of these members: each member that it tells of is there and in order, what is compressed is a file, the
 * command is a file that may be executed.
 * @throws CacheError `ERR_CACHE_FORMAT`
 */
export function checkAgreement(about: About, members: readonly Member[]): void {
  const byPath = new Map(members.map((member) => [member.path, member]));
  let before: Uint8Array | undefined;
  for (const note of about.members) {
    const path = pathBytes(note.path);
    if (before !== undefined && pathOrder(before, path) >= 0) throw refuse("its members are not in ascending order");
    before = path;
    checkNote(note, byPath.get(note.path));
  }
  if (about.contents !== undefined)
    checkEntries(
      about,
      members.filter(({ path }) => !isReserved(path)),
    );
  if (about.launch !== undefined) checkCommand(byPath.get(about.launch.command));
}

function checkNote({ path, purpose, compressed }: Note, member: Member | undefined): void {
  if (member === undefined || isReserved(path)) throw refuse("it tells of a member that is not there");
  if (purpose === undefined && compressed === undefined) throw refuse("it says nothing of a member");
  if (compressed !== undefined && member.type !== "file") throw refuse("a directory is compressed");
}

function checkCommand(member: Member | undefined): void {
  if (member?.type !== "file" || isReserved(member.path)) throw refuse("its command is no file of the package");
  if ((member.mode & EXECUTE) === 0) throw refuse("its command has no right to execute");
}

/** Whether a path is the format's own, and so no part of what a package carries. */
export function isReserved(path: string): boolean {
  return path === RESERVED || path.startsWith(`${RESERVED}/`);
}

/** @throws CacheError `ERR_CACHE_FORMAT` for a path among the format's own that has no meaning there */
export function checkReserved(members: readonly Member[]): void {
  for (const { path, type } of members) {
    if (!isReserved(path)) continue;
    const known = path === RESERVED ? type === "directory" : path === ABOUT_PATH && type === "file";
    if (!known) throw refuse("a reserved path is not known");
  }
}
