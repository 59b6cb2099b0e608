import { checkOptions } from "@cache/core/adapter";
import { concat, utf8 } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import { RecordKind, type Statement } from "@cache/core/record";
import { encodeTexts, malformed, type Reader, readTexts } from "./fields.ts";

/** What a certified key may sign. */
export interface Scope {
  /** Namespaces, those within them too: `builds` covers `builds/linux`. At most 64. */
  readonly namespaces: "any" | readonly string[];
  /**
   * Entries of caches.
   * @defaultValue false
   */
  readonly entries?: boolean | undefined;
  /**
   * Packages of these names, at most 64.
   * @defaultValue none
   */
  readonly packages?: "any" | readonly string[] | undefined;
}

const ENTRIES = 1;
const PACKAGES = 2;
const ANY_NAMESPACE = 4;
const ANY_PACKAGE = 8;
const ALL = ENTRIES | PACKAGES | ANY_NAMESPACE | ANY_PACKAGE;
const MOST = 64;

function requireList(list: unknown, what: string): asserts list is "any" | readonly string[] {
  if (list === "any") return;
  const isList = Array.isArray(list) && list.length > 0 && list.length <= MOST;
  if (!isList || !list.every((each) => typeof each === "string"))
    throw new TypeError(`${what} are a list of 1 to ${MOST} names, or "any"`);
}

const flag = (bit: number, set: boolean): number => (set ? bit : 0);

/** @throws TypeError for a scope that allows nothing */
export function encodeScope(scope: Scope): Uint8Array {
  checkOptions("a scope", scope, ["namespaces", "entries", "packages"]);
  const { namespaces, entries = false, packages } = scope;
  requireList(namespaces, "namespaces");
  if (packages !== undefined) requireList(packages, "packages");
  if (!entries && packages === undefined) throw new TypeError("a scope allows entries or packages, or both");
  const flags =
    flag(ENTRIES, entries) |
    flag(PACKAGES, packages !== undefined) |
    flag(ANY_NAMESPACE, namespaces === "any") |
    flag(ANY_PACKAGE, packages === "any");
  const listed = namespaces === "any" ? [] : namespaces;
  const named = packages === undefined || packages === "any" ? [] : packages;
  return concat(Uint8Array.of(flags), encodeTexts(listed, 0), encodeTexts(named, 1));
}

function listOf(names: readonly string[], any: boolean, meant: boolean): "any" | readonly string[] | undefined {
  if (names.length > 0 !== (meant && !any)) throw malformed("its lists are not those that its flags say");
  if (!meant) return undefined;
  return any ? "any" : names;
}

/** @throws CacheError `ERR_CACHE_FORMAT` */
export function readScope(from: Reader): Scope {
  const flags = from.byte();
  const has = (bit: number): boolean => (flags & bit) !== 0;
  if ((flags & ~ALL) !== 0 || !has(ENTRIES | PACKAGES) || (has(ANY_PACKAGE) && !has(PACKAGES)))
    throw malformed("its flags contradict themselves");
  const namespaces = listOf(readTexts(from, MOST, 0), has(ANY_NAMESPACE), true) as "any" | readonly string[];
  const packages = listOf(readTexts(from, MOST, 1), has(ANY_PACKAGE), has(PACKAGES));
  return { namespaces, entries: has(ENTRIES), packages };
}

function isWithin(namespace: string, outer: string): boolean {
  return namespace === outer || (outer !== "" && namespace.startsWith(`${outer}/`));
}

/** Whether a scope allows what was stated. */
export function covers({ namespaces, entries, packages }: Scope, { kind, namespace, key }: Statement): boolean {
  // Reserved ones are the roots' own.
  if (namespace.startsWith("\u0000")) return false;
  if (namespaces !== "any" && !namespaces.some((outer) => isWithin(namespace, outer))) return false;
  if (kind === RecordKind.entry) return entries === true;
  if (kind !== RecordKind.packageManifest || packages === undefined) return false;
  return packages === "any" || packages.some((name) => crypto.equal(utf8(name), key));
}
