import type { Found } from "./found.ts";
import type { Settings } from "./options.ts";

/** The settings of a view of a cache; a view of a view shows what both show. @throws TypeError for what is no function */
export function settingsOfView<V>(of: Settings<V>, accept: (found: Found) => boolean): Settings<V> {
  if (typeof accept !== "function") throw new TypeError("a view needs a function that says what it shows");
  const outer = of.accept;
  // What is no answer, such as a promise, shows nothing.
  return { ...of, accept: (found) => outer?.(found) !== false && (accept(found) as unknown) === true };
}
