import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { constants } from "node:os";
import { CacheError } from "@cache/core/adapter";

const FORWARDED: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"];
/** A terminal sends these to everybody who works in it, so that the command has them already. */
const BY_TERMINAL: readonly NodeJS.Signals[] = ["SIGINT", "SIGQUIT"];
/** What shells add to the number of a signal that ended a command. */
const BY_SIGNAL = 128;

/**
 * Hands signals on to what is started, for as long as it lives; they do not end this process meanwhile. From before it starts: what it does first
 * may tell somebody to send one, while this process has not yet come back from starting it.
 */
function forwardSignals(start: () => ChildProcess): { readonly child: ChildProcess; readonly takeBack: () => void } {
  let child: ChildProcess | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (process.stdin.isTTY !== true || !BY_TERMINAL.includes(signal)) child?.kill(signal);
  };
  const takeBack = (): void => {
    for (const signal of FORWARDED) process.off(signal, onSignal);
  };
  for (const signal of FORWARDED) process.on(signal, onSignal);
  try {
    child = start();
    return { child, takeBack };
  } catch (error) {
    takeBack();
    throw error;
  }
}

/** A command that was started. */
export interface Started {
  readonly pid: number;
  /** Its exit code; 128 and the number of the signal that ended it. */
  readonly ended: Promise<number>;
}

/** Starts a command without a shell. @throws CacheError `ERR_CACHE_STORE` when the system does not */
export async function start(command: string, args: readonly string[], options: SpawnOptions): Promise<Started> {
  const { child, takeBack } = forwardSignals(() => spawn(command, args, { ...options, shell: false }));
  const ended = new Promise<number>((resolve) => {
    child.once("close", (code, signal) => {
      takeBack();
      resolve(code ?? BY_SIGNAL + (signal === null ? 0 : constants.signals[signal]));
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (cause) => {
      takeBack();
      reject(new CacheError("ERR_CACHE_STORE", "the command of the package could not be started", { cause }));
    });
  });
  return { pid: child.pid as number, ended };
}
