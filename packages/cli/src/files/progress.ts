import type { OnFileProgress } from "@cache/files";
import { progressLine } from "../progress.ts";
import { sizeText } from "../units.ts";

/** Does something with files under a progress line, which only somebody at a terminal sees. */
export async function withProgress<T>(doing: string, job: (onProgress: OnFileProgress) => Promise<T>): Promise<T> {
  const line = progressLine();
  try {
    return await job(({ files, bytes }) => line.show(`${doing}: ${files} files, ${sizeText(bytes)}`));
  } finally {
    line.done();
  }
}
