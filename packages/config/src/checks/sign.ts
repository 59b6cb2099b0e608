import { isTrustText } from "../chain-config.ts";
import type { ChainConfig, TrustConfig } from "../config.ts";
import { unusable } from "../unusable.ts";
import { type Fields, fieldsOf, textOf } from "./fields.ts";

const OF_KEYS = ["trusted", "identityFile"] as const satisfies readonly (keyof TrustConfig)[];
const OF_ROOTS = [
  "roots",
  "certificates",
  "revocations",
  "seen",
  "identityFile",
] as const satisfies readonly (keyof ChainConfig)[];

function textsOf(fields: Fields, name: string, what: string): readonly string[] {
  const { prefix, values } = fields;
  const list = values.get(name);
  const isText = (each: unknown): boolean => typeof each === "string" && each !== "" && !each.includes("\0");
  if (!Array.isArray(list) || list.length === 0 || !list.every(isText)) {
    throw unusable(`"${prefix.slice(0, -1)}" needs "${name}", a list of ${what}`);
  }
  return list;
}

function chainOf(fields: Fields): ChainConfig {
  const { prefix, values } = fields;
  const revocations = values.has("revocations") ? textsOf(fields, "revocations", "files") : undefined;
  // A list ends soon and the next one comes in its file, so one in here would only ever be an old one.
  if (revocations?.some(isTrustText)) throw unusable(`"${prefix}revocations" are files, not the lists themselves`);
  return {
    roots: textsOf(fields, "roots", "public keys"),
    certificates: textsOf(fields, "certificates", "files or certificates"),
    revocations,
    seen: textOf(fields, "seen"),
    identityFile: textOf(fields, "identityFile"),
  };
}

/**
 * Who is believed, by keys or by roots and never by both.
 * @param at - where it stands, `caches.builds.sign`
 * @throws CacheError `ERR_CACHE_CONFIG`
 */
export function signOf(value: unknown, at: string): TrustConfig | ChainConfig | undefined {
  if (value === undefined) return undefined;
  const fields = fieldsOf(value, at, [...OF_KEYS, ...OF_ROOTS]);
  const byRoots = OF_ROOTS.some((name) => name !== "identityFile" && fields.values.has(name));
  if (!byRoots)
    return { trusted: textsOf(fields, "trusted", "public keys"), identityFile: textOf(fields, "identityFile") };
  if (fields.values.has("trusted"))
    throw unusable(`"${at}" says whom to trust by "trusted" or by "roots", not by both`);
  return chainOf(fields);
}
