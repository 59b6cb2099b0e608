import { dirname, isAbsolute, join, resolve } from "node:path";
import type { CacheConfig, CacheFields } from "../config.ts";
import { unusable } from "../unusable.ts";

const HOME = "~/";

/** Whether a path means the same wherever the file lies that names it. */
export function isAnchored(path: string): boolean {
  return isAbsolute(path) || path.startsWith(HOME);
}

/** Makes paths absolute. */
type Resolve = (path: string | undefined) => string | undefined;

function resolver(file: string, home: string | undefined): Resolve {
  return (path) => {
    if (path === undefined) return undefined;
    if (!path.startsWith(HOME)) return resolve(dirname(file), path);
    if (home === undefined) throw unusable(`a path begins with ~/, and this user has no home directory; it is ${file}`);
    return join(home, path.slice(HOME.length));
  };
}

function resolveFields<T extends CacheFields>(fields: T, from: Resolve): T {
  const { sign } = fields;
  return {
    ...fields,
    auditFile: from(fields.auditFile),
    dir: from(fields.dir),
    keyringFile: from(fields.keyringFile),
    sign: sign && { trusted: sign.trusted, identityFile: from(sign.identityFile) },
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
