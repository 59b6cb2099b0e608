import type { CacheOptions } from "@cache/core";
import { parentsOf, pathProblem } from "@cache/core/adapter";
import { treeDigest } from "./tree/digest.ts";
import { staysInside } from "./tree/links.ts";
import type { Tree } from "./tree/member.ts";
import type { DigestedFile } from "./tree/read-file.ts";

/** Content in which files lie one behind the other. */
export interface Pack {
  /** SHA-256 in hexadecimal. */
  readonly digest: string;
  readonly size: number;
}

/** What is kept of a tree beside the bytes of its files, as the value of an entry. The files lie in the packs in their order. */
export interface TreeRecord extends Tree<DigestedFile> {
  readonly format: 1;
  readonly packs: readonly Pack[];
}

/** A file or a directory as it is kept. */
export interface StoredFiles {
  readonly kind: "file" | "directory";
  /** Of names, contents and links, as `contentAt` gives it: 64 hexadecimal digits. */
  readonly digest: string;
  /** Bytes of all files. */
  readonly size: number;
  /** How many files. */
  readonly files: number;
}

/** What is told of a record. */
export function describe(record: TreeRecord): StoredFiles {
  return { kind: record.kind, digest: treeDigest(record), size: sizeOf(record), files: record.files.length };
}

/** Bytes of all files. */
export const sizeOf = ({ packs }: Pick<TreeRecord, "packs">): number => sumOf(packs);

const sumOf = (sized: readonly { readonly size: number }[]): number => sized.reduce((sum, { size }) => sum + size, 0);

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;
const isSize = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isDigest = (value: unknown): boolean => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
const isText = (value: unknown): value is string => typeof value === "string";
const isMeasured = (value: unknown): value is Fields => isFields(value) && isDigest(value.digest) && isSize(value.size);
const isFile = (value: unknown): boolean =>
  isMeasured(value) && isText(value.path) && typeof value.executable === "boolean";
const isLink = (value: unknown): boolean => isFields(value) && isText(value.path) && isText(value.target);
const areAll = (value: unknown, is: (each: unknown) => boolean): boolean => Array.isArray(value) && value.every(is);

function isShaped(value: unknown): value is TreeRecord {
  return (
    isFields(value) &&
    value.format === 1 &&
    areAll(value.files, isFile) &&
    areAll(value.directories, isText) &&
    areAll(value.links, isLink) &&
    areAll(value.packs, isMeasured)
  );
}

/** Whether every path is below the root, stands once, and lies in what is a directory. */
function isTree({ files, directories, links }: TreeRecord): boolean {
  const paths = [...directories, ...[...files, ...links].map(({ path }) => path)];
  const known = new Set(directories);
  const isPlaced = (path: string) => parentsOf(path).every((parent) => known.has(parent));
  return (
    new Set(paths).size === paths.length &&
    paths.every((path) => pathProblem(path) === undefined && isPlaced(path)) &&
    links.every(({ path, target }) => staysInside(path, target))
  );
}

/** Whether it is one file, which has no name of its own. */
const isOneFile = ({ files, directories, links }: TreeRecord): boolean =>
  files.length === 1 && files[0]?.path === "" && directories.length === 0 && links.length === 0;

function isRecord(value: unknown): value is TreeRecord {
  if (!isShaped(value) || sumOf(value.files) !== sumOf(value.packs)) return false;
  if (value.kind === "file") return isOneFile(value);
  return value.kind === "directory" && isTree(value);
}

/** Refuses what is no tree that may be made, be it signed: whoever signs says what is in files, and not where they lie. */
export const recordSchema: NonNullable<CacheOptions<TreeRecord>["schema"]> = {
  "~standard": {
    version: 1,
    vendor: "@cache/files",
    validate: (value) => (isRecord(value) ? { value } : { issues: [{ message: "this is no tree of files" }] }),
  },
};
