import { basename, dirname, join } from "node:path";

/** How much of its name a directory beside a place has, so that it is no longer than a name may be. */
const SHOWN = 100;

/** How the name of a directory begins that is beside a place while that is made or restored; the system puts six characters behind it. */
export function besideOf(place: string): string {
  const name = Buffer.from(basename(place)).subarray(0, SHOWN).toString().replaceAll("\ufffd", "");
  return join(dirname(place), `.${name}.cache-`);
}
