import type { PassOptions, Progress } from "@cache/bundle";
import { progressLine } from "../progress.ts";
import { sizeText } from "../units.ts";

/** What a job on a package is given. */
type Watched = Required<{ [name in keyof PassOptions]: NonNullable<PassOptions[name]> }>;

const STOPS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs a job on a package under a progress line, which only somebody at a terminal sees. A user who stops the command ends the job, which
 * leaves nothing half made behind, and then the command as it would have ended. A job that came to its end all the same has its outcome:
 * the command of a package got the signal itself.
 */
export async function withProgress<T>(doing: string, job: (watched: Watched) => Promise<T>): Promise<T> {
  const line = progressLine();
  const stopped = new AbortController();
  const stop = (signal: NodeJS.Signals): void => stopped.abort(signal);
  const takeBack = (): void => {
    for (const signal of STOPS) process.off(signal, stop);
  };
  for (const signal of STOPS) process.once(signal, stop);
  try {
    const onProgress = ({ bytes }: Progress): void => line.show(`${doing}: ${sizeText(bytes)}`);
    return await job({ onProgress, signal: stopped.signal });
  } catch (error) {
    takeBack();
    if (stopped.signal.aborted) process.kill(process.pid, stopped.signal.reason as NodeJS.Signals);
    throw error;
  } finally {
    takeBack();
    line.done();
  }
}
