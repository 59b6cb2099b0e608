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
  const list = fields.get(name);
  const isText = (each: unknown): boolean => typeof each === "string" && each !== "" && !each.includes("\0");
  if (!Array.isArray(list) || list.length === 0 || !list.every(isText)) {
    throw unusable(`"sign" needs "${name}", a list of ${what}`);
  }
  return list;
}

function chainOf(fields: Fields): ChainConfig {
  const revocations = fields.has("revocations") ? textsOf(fields, "revocations", "files") : undefined;
  // A list ends soon and the next one comes in its file, so one in here would only ever be an old one.
  if (revocations?.some(isTrustText)) throw unusable('"revocations" are files, not the lists themselves');
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
 * @throws CacheError `ERR_CACHE_CONFIG`
 */
export function signOf(value: unknown): TrustConfig | ChainConfig | undefined {
  if (value === undefined) return undefined;
  const fields = fieldsOf(value, '"sign"', [...OF_KEYS, ...OF_ROOTS]);
  const byRoots = OF_ROOTS.some((name) => name !== "identityFile" && fields.has(name));
  if (!byRoots)
    return { trusted: textsOf(fields, "trusted", "public keys"), identityFile: textOf(fields, "identityFile") };
  if (fields.has("trusted")) throw unusable('"sign" says whom to trust by "trusted" or by "roots", not by both');
  return chainOf(fields);
}
