import { parseDuration, parseSize } from "@cache/core/adapter";
import { type Fields, fieldsOf, flagOf, textOf } from "./checks/fields.ts";
import { signOf } from "./checks/sign.ts";
import type { CacheConfig, CacheFields, Demand } from "./config.ts";
import { unusable } from "./unusable.ts";

const OF_A_CACHE = [
  "auditFile",
  "dir",
  "ephemeral",
  "keyringFile",
  "maxBytes",
  "namespace",
  "off",
  "sign",
  "ttl",
] as const satisfies readonly (keyof CacheFields)[];
const OF_ALL = [
  ...OF_A_CACHE,
  "caches",
  "default",
  "require",
  "root",
] as const satisfies readonly (keyof CacheConfig)[];

/** Names that a configuration gives no meaning to: the caches that are built in, and the word for the one without a name. */
const RESERVED: readonly string[] = ["memory", "void", "default"];
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const MOST_CACHES = 256;

/** Text that has a meaning, which is found out here, where the field and the file are known. */
function parsedBy(parse: (text: string) => unknown, fields: Fields, name: string): string | undefined {
  const text = textOf(fields, name);
  try {
    if (text !== undefined) parse(text);
  } catch (error) {
    throw unusable(`"${fields.prefix}${name}" is none: ${(error as TypeError).message}`);
  }
  return text;
}

function cacheOf(fields: Fields): CacheFields {
  const dir = textOf(fields, "dir");
  const ephemeral = flagOf(fields, "ephemeral");
  if (dir !== undefined && ephemeral === true)
    throw unusable(`"${fields.prefix}dir" and "ephemeral" contradict each other`);
  return {
    auditFile: textOf(fields, "auditFile"),
    dir,
    ephemeral,
    keyringFile: textOf(fields, "keyringFile"),
    maxBytes: parsedBy(parseSize, fields, "maxBytes"),
    namespace: textOf(fields, "namespace"),
    off: flagOf(fields, "off"),
    sign: signOf(fields.values.get("sign"), `${fields.prefix}sign`),
    ttl: parsedBy(parseDuration, fields, "ttl"),
  };
}

function cachesOf(value: unknown): Readonly<Record<string, CacheFields>> | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw unusable('"caches" is not an object');
  const caches = Object.entries(value);
  if (caches.length > MOST_CACHES) throw unusable(`"caches" has more than ${MOST_CACHES}`);
  for (const [name] of caches) {
    if (RESERVED.includes(name))
      throw unusable(`no cache is called ${RESERVED.join(", ")}: those names have a meaning`);
    if (!NAME.test(name))
      throw unusable("the name of a cache is 1 to 64 letters, digits, dots, hyphens and underscores");
  }
  return Object.fromEntries(
    caches.map(([name, each]) => [name, cacheOf(fieldsOf(each, `caches.${name}`, OF_A_CACHE))]),
  );
}

function demandsOf(value: unknown): readonly Demand[] | undefined {
  if (value === undefined) return undefined;
  const isDemand = (each: unknown): each is Demand => each === "seal" || each === "sign";
  if (!Array.isArray(value) || !value.every(isDemand)) throw unusable('"require" is a list of "seal" and "sign"');
  return value;
}

/**
 * A configuration from whatever was read; unknown fields are refused, so that a misspelt one never leaves a property out.
 * @throws CacheError `ERR_CACHE_CONFIG`
 */
export function checkConfig(value: unknown): CacheConfig {
  const fields = fieldsOf(value, "", OF_ALL);
  return {
    ...cacheOf(fields),
    caches: cachesOf(fields.values.get("caches")),
    default: textOf(fields, "default"),
    require: demandsOf(fields.values.get("require")),
    root: flagOf(fields, "root"),
  };
}
