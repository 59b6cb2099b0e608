import type { CacheConfig, CacheFields } from "@cache/config";
import { printable } from "../output.ts";

/** One field, as people see it. */
export interface Row {
  /** `dir`, `caches.builds.ttl`, `require.seal`: as the sources of a configuration are named. */
  readonly name: string;
  readonly text: string;
}

function textOf(value: unknown): string {
  return printable(typeof value === "string" ? value : JSON.stringify(value));
}

function fieldRows(prefix: string, fields: CacheFields): Row[] {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined);
  return present.map(([name, value]) => ({ name: prefix + name, text: textOf(value) }));
}

/** Every field of a configuration in a line. None of them holds a secret: keys are files, or public. */
export function rowsOf({ caches = {}, require = [], ...fields }: CacheConfig): Row[] {
  return [
    ...fieldRows("", fields),
    ...Object.entries(caches).flatMap(([name, each]) => fieldRows(`caches.${name}.`, each)),
    ...require.map((demand) => ({ name: `require.${demand}`, text: "true" })),
  ];
}
