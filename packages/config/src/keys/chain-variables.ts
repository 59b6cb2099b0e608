import type { ChainConfig } from "../config.ts";
import { unusable } from "../unusable.ts";

/** Variables that say who is believed. None of them holds a secret. */
export type ChainVariables = Readonly<
  Partial<
    Record<"CACHE_ROOTS" | "CACHE_CERTIFICATES" | "CACHE_REVOCATIONS" | "CACHE_REVOCATIONS_SEEN", string | undefined>
  >
>;

function listIn(name: string, text: string | undefined): readonly string[] | undefined {
  const items = text?.split(",").map((each) => each.trim());
  if (items?.some((each) => each === "")) throw unusable(`${name} is set to nothing, or has an item that is nothing`);
  return items;
}

/**
 * Roots, certificates and lists that the environment names, each separated by commas.
 * @returns `undefined` when no variable is set
 * @throws CacheError `ERR_CACHE_CONFIG` for one that is set to nothing, and for certificates or lists of no root
 */
export function chainFromEnvironment(variables: ChainVariables): ChainConfig | undefined {
  const { CACHE_ROOTS, CACHE_CERTIFICATES, CACHE_REVOCATIONS, CACHE_REVOCATIONS_SEEN: seen } = variables;
  const roots = listIn("CACHE_ROOTS", CACHE_ROOTS);
  const certificates = listIn("CACHE_CERTIFICATES", CACHE_CERTIFICATES);
  const revocations = listIn("CACHE_REVOCATIONS", CACHE_REVOCATIONS);
  if (seen === "") throw unusable("CACHE_REVOCATIONS_SEEN is set to nothing");
  if ([roots, certificates, revocations, seen].every((each) => each === undefined)) return undefined;
  if (roots === undefined || certificates === undefined)
    throw unusable("CACHE_ROOTS and CACHE_CERTIFICATES are set together");
  return { roots, certificates, revocations, seen };
}
