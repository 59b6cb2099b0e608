import { note } from "./output.ts";

/**
 * Without keys, what was sealed is there and can be neither listed nor verified; silence would look like an empty cache.
 * @param count - stored names that nothing could be said of
 */
export function mentionSealed(count: number): void {
  if (count > 0)
    note(`${count} stored names are sealed or cannot be read, and no key was given; nothing is said of them`);
}
