import type { Demand } from "../config.ts";
import type { Environment } from "../host.ts";
import type { LoadedConfig } from "../load.ts";
import { unusable } from "../unusable.ts";

const isDemand = (word: string): word is Demand => word === "seal" || word === "sign";

/** @throws CacheError `ERR_CACHE_CONFIG` for a variable that is set to nothing or holds another word */
function demandsOf({ CACHE_REQUIRE: text }: Environment): readonly Demand[] {
  if (text === undefined) return [];
  const words = text.split(",").map((word) => word.trim());
  if (!words.every(isDemand)) throw unusable("CACHE_REQUIRE is sign, seal or sign,seal");
  return words;
}

/** What a cache must have, and who said so. */
export type Required = Pick<LoadedConfig, "require" | "sources">;

/** What the files demand, and what the variable `CACHE_REQUIRE` adds; it takes nothing back. @throws CacheError `ERR_CACHE_CONFIG` */
export function requiredBy({ require = [], sources }: Required, environment: Environment): Required {
  const added = demandsOf(environment).filter((demand) => !require.includes(demand));
  if (added.length === 0) return { require: require.length === 0 ? undefined : require, sources };
  const named = added.map((demand) => [`require.${demand}`, "CACHE_REQUIRE"] as const);
  return { require: [...new Set([...require, ...added])], sources: { ...sources, ...Object.fromEntries(named) } };
}
