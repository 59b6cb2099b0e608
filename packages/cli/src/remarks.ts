import { existsSync } from "node:fs";
import type { FileStore } from "@cache/cas";
import { withoutKeys } from "@cache/core/adapter";
import { note, printable } from "./output.ts";

/** A mistyped directory looks like an empty cache otherwise. For commands that look at what is there. */
export function mentionAbsence({ directory }: FileStore): void {
  if (!existsSync(directory)) note(`there is no cache in ${withoutKeys(printable(directory))}`);
}

/** Keys are listed by namespace; an empty list would look like an empty cache. */
export function mentionElsewhere(count: number): void {
  if (count > 0)
    note(`no key is in this namespace, and ${count} in others; --all lists them, --namespace NAME those of one`);
}

/**
 * What was sealed, or is signed by others, is there and can be neither listed nor verified; silence would look like an empty
 * cache.
 * @param count - stored names that nothing could be said of
 * @param hasKeys - whether keys were given
 */
export function mentionUntold(count: number, hasKeys: boolean): void {
  const why = hasKeys ? "of other keys, or cannot be read" : "sealed or cannot be read, and no key was given";
  if (count > 0) note(`${count} stored names are ${why}; nothing is said of them`);
}
