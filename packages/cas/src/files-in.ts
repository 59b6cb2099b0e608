import { readdirSync } from "node:fs";
import { isAbsence } from "./failures.ts";

/** The names of what is in a directory; none when it vanished. */
export function filesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (isAbsence(error)) return [];
    throw error;
  }
}
