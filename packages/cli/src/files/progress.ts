import type { OnFileProgress } from "@cache/files";
import { progressLine } from "../progress.ts";
import { sizeText } from "../units.ts";

/** What a job on files is given. */
interface Watched {
  readonly onProgress: OnFileProgress;
  /** Aborts when the user stops the command. */
  readonly signal: AbortSignal;
}

const STOPS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Does something with files under a progress line, which only somebody at a terminal sees. A user who stops the command ends the job, which leaves
 * nothing half made behind, and then the command as it would have ended.
 */
export async function withProgress<T>(doing: string, job: (watched: Watched) => Promise<T>): Promise<T> {
  const line = progressLine();
  const stopped = new AbortController();
  const stop = (signal: NodeJS.Signals): void => stopped.abort(signal);
  for (const signal of STOPS) process.once(signal, stop);
  try {
    return await job({
      onProgress: ({ files, bytes }) => line.show(`${doing}: ${files} files, ${sizeText(bytes)}`),
      signal: stopped.signal,
    });
  } finally {
    line.done();
    for (const signal of STOPS) process.off(signal, stop);
    if (stopped.signal.aborted) process.kill(process.pid, stopped.signal.reason as NodeJS.Signals);
  }
}
