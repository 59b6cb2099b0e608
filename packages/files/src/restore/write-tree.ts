import { createHash, type Hash } from "node:crypto";
import { constants, writeFileSync } from "node:fs";
import { mkdir, open, symlink } from "node:fs/promises";
import { join } from "node:path";
import { CacheError, storeError } from "@cache/core/adapter";
import type { TreeRecord } from "../record.ts";
import type { LinkMember } from "../tree/member.ts";
import type { DigestedFile } from "../tree/read-file.ts";
import type { Content } from "./content.ts";

/** Fails where anything lies already, a link above all. */
const NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
/** Up to so many bytes a file is written at once: handing three calls to other threads takes longer. */
const SMALL = 65_536;
/** Less what the process's umask takes away. */
const RIGHTS = { plain: 0o666, executable: 0o777 } as const;

/**
 * Makes a tree at a path where nothing is, in a directory that nobody else can write to. It holds only once {@link Content} has come to its end.
 * @throws CacheError `ERR_CACHE_AUTH`, `ERR_CACHE_STORE`
 */
export async function writeTree(
  record: TreeRecord,
  root: string,
  content: Content,
  count: (file: DigestedFile) => void,
): Promise<void> {
  if (record.kind === "directory") await onMedium(() => mkdir(root));
  // Those around others first.
  for (const path of record.directories.toSorted()) await onMedium(() => mkdir(join(root, path)));
  for (const file of record.files) {
    await writeFile(file, join(root, file.path), content);
    count(file);
  }
  await content.end();
  // After the files, so that no file is written through a link.
  for (const link of record.links) await makeLink(link, root, record.directories);
}

async function writeFile(member: DigestedFile, path: string, content: Content): Promise<void> {
  const hash = createHash("sha256");
  await (member.size <= SMALL ? writeSmall : writeLarge)(member, path, content, hash);
  if (hash.digest("hex") !== member.digest)
    throw new CacheError("ERR_CACHE_AUTH", "a file is not what is stated of it");
}

const modeOf = ({ executable }: DigestedFile): number => (executable ? RIGHTS.executable : RIGHTS.plain);

async function writeSmall(member: DigestedFile, path: string, content: Content, hash: Hash): Promise<void> {
  const bytes = await content.takeWhole(member.size);
  hash.update(bytes);
  await onMedium(async () => writeFileSync(path, bytes, { flag: "wx", mode: modeOf(member) }));
}

async function writeLarge(member: DigestedFile, path: string, content: Content, hash: Hash): Promise<void> {
  const file = await onMedium(() => open(path, NEW, modeOf(member)));
  try {
    for await (const piece of content.take(member.size)) {
      hash.update(piece);
      await onMedium(() => file.writeFile(piece));
    }
  } finally {
    await onMedium(() => file.close());
  }
}

async function makeLink({ path, target }: LinkMember, root: string, directories: readonly string[]): Promise<void> {
  // Only Windows has two kinds of links, and asks.
  const leadsTo = join(path, "..", target).replaceAll("\\", "/");
  const type = directories.includes(leadsTo) ? "dir" : "file";
  await onMedium(() => symlink(target, join(root, path), type));
}

/** What the medium says of a step. */
async function onMedium<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw storeError("writing the files", error);
  }
}
