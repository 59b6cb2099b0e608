import { dirname, isAbsolute, join, resolve } from "node:path";
import { looksLikeKey } from "@cache/core/adapter";
import { isChain, isTrustText } from "../chain-config.ts";
import type { CacheConfig, CacheFields, ChainConfig, TrustConfig } from "../config.ts";
import { unusable } from "../unusable.ts";

const HOME = "~/";

/** Whether a path means the same wherever the file lies that names it. */
export function isAnchored(path: string): boolean {
  return isAbsolute(path) || path.startsWith(HOME);
}

/** Makes paths absolute. */
type Resolve = <T extends string | undefined>(path: T) => T;

function resolver(file: string, home: string | undefined): Resolve {
  const absolute = (path: string): string => {
    // It would be in what shows the configuration, and in the name of what is made there.
    if (looksLikeKey(path)) throw unusable(`a path is a key; a key is kept in a file of its own; it is ${file}`);
    if (!path.startsWith(HOME)) return resolve(dirname(file), path);
    if (home === undefined) throw unusable(`a path begins with ~/, and this user has no home directory; it is ${file}`);
    return join(home, path.slice(HOME.length));
  };
  return <T extends string | undefined>(path: T) => (path === undefined ? path : absolute(path)) as T;
}

function resolveSign(sign: TrustConfig | ChainConfig, from: Resolve): TrustConfig | ChainConfig {
  const identityFile = from(sign.identityFile);
  if (!isChain(sign)) return { trusted: sign.trusted, identityFile };
  const { roots, certificates, revocations, seen } = sign;
  return {
    roots,
    certificates: certificates.map((each) => (isTrustText(each) ? each : from(each))),
    revocations: revocations?.map((each) => from(each)),
    seen: from(seen),
    identityFile,
  };
}

function resolveFields<T extends CacheFields>(fields: T, from: Resolve): T {
  const { sign } = fields;
  return {
    ...fields,
    auditFile: from(fields.auditFile),
    dir: from(fields.dir),
    keyringFile: from(fields.keyringFile),
    sign: sign && resolveSign(sign, from),
  };
}

/**
 * A configuration whose paths are absolute.
 * @param file - where it stands
 */
export function resolvePaths(config: CacheConfig, file: string, home: string | undefined): CacheConfig {
  const from = resolver(file, home);
  const { caches } = config;
  const resolved =
    caches && Object.entries(caches).map(([name, fields]) => [name, resolveFields(fields, from)] as const);
  return { ...resolveFields(config, from), caches: resolved && Object.fromEntries(resolved) };
}
