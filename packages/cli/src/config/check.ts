import { CacheError } from "@cache/core";
import { parseDuration, parseSize } from "@cache/core/adapter";
import type { CacheConfig, TrustConfig } from "./config.ts";

/** A configuration that cannot be used. The message names fields, never what they hold. */
export function unusable(why: string, cause?: unknown): CacheError {
  return new CacheError("ERR_CACHE_CONFIG", `the configuration is not usable: ${why}`, { cause });
}

function fieldsOf(value: unknown, where: string, allowed: readonly string[]): Map<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw unusable(`${where} is not an object`);
  const fields = new Map(Object.entries(value).filter(([, each]) => each !== undefined));
  for (const name of fields.keys()) {
    if (!allowed.includes(name)) throw unusable(`${where} has a field that is not one of ${allowed.join(", ")}`);
  }
  return fields;
}

function textOf(fields: Map<string, unknown>, name: string): string | undefined {
  const value = fields.get(name);
  if (value === undefined) return undefined;
  if (typeof value !== "string" || (value === "" && name !== "namespace") || value.includes("\0")) {
    throw unusable(`"${name}" is not text`);
  }
  return value;
}

function trustOf(value: unknown): TrustConfig | undefined {
  if (value === undefined) return undefined;
  const fields = fieldsOf(value, '"sign"', ["trusted", "identityFile"]);
  const trusted = fields.get("trusted");
  if (!Array.isArray(trusted) || trusted.length === 0 || !trusted.every((each) => typeof each === "string")) {
    throw unusable('"sign" needs "trusted", a list of public keys');
  }
  return { trusted, identityFile: textOf(fields, "identityFile") };
}

/**
 * A configuration from whatever was read; unknown fields are refused, so that a misspelt one never leaves a property out.
 * @throws CacheError `ERR_CACHE_CONFIG`
 */
export function checkConfig(value: unknown): CacheConfig {
  const fields = fieldsOf(value, "it", ["auditFile", "dir", "maxBytes", "namespace", "keyringFile", "ttl", "sign"]);
  return {
    auditFile: textOf(fields, "auditFile"),
    dir: textOf(fields, "dir"),
    maxBytes: parsedBy(parseSize, fields, "maxBytes"),
    namespace: textOf(fields, "namespace"),
    keyringFile: textOf(fields, "keyringFile"),
    ttl: parsedBy(parseDuration, fields, "ttl"),
    sign: trustOf(fields.get("sign")),
  };
}

/** Text that has a meaning, which is found out here, where the field and the file are known. */
function parsedBy(parse: (text: string) => unknown, fields: Map<string, unknown>, name: string): string | undefined {
  const text = textOf(fields, name);
  try {
    if (text !== undefined) parse(text);
  } catch (error) {
    throw unusable(`"${name}" is none: ${(error as TypeError).message}`);
  }
  return text;
}
