import type { Progress } from "@cache/bundle";
import { progressLine } from "../progress.ts";
import { sizeText } from "../units.ts";

/** Runs a job on a package under a progress line, which only somebody at a terminal sees. */
export async function withProgress<T>(
  doing: string,
  job: (onProgress: (progress: Progress) => void) => Promise<T>,
): Promise<T> {
  const line = progressLine();
  try {
    return await job(({ bytes }) => line.show(`${doing}: ${sizeText(bytes)}`));
  } finally {
    line.done();
  }
}
