import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { UsageError } from "../usage-error.ts";

/** What ends this process from outside ends the command; a terminal sends the others to both. */
const FORWARDED: readonly NodeJS.Signals[] = ["SIGTERM", "SIGHUP"];
/** What shells add to the number of a signal that ended a command. */
const BY_SIGNAL = 128;

/** How a command is run. */
interface Running {
  readonly env: NodeJS.ProcessEnv;
  /** Called when it runs; what it does is waited for. */
  onStart(pid: number): Promise<void>;
}

/**
 * Runs a command with the input and output of this process.
 * @returns its exit code, or 128 and the number of the signal that ended it
 * @throws UsageError for one that cannot be started
 */
export async function runCommand(
  [command = "", ...rest]: readonly string[],
  { env, onStart }: Running,
): Promise<number> {
  // From before it starts, as what it does first may tell somebody to send one.
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  for (const signal of FORWARDED) process.on(signal, forward);
  // A terminal interrupts the command too, and what is to be done then is told by how it ends.
  const wait = (): void => undefined;
  process.on("SIGINT", wait);
  const child = spawn(command, rest, { stdio: "inherit", shell: false, env });
  try {
    const [code] = await Promise.all([ended(child), started(child).then(onStart)]);
    return code;
  } finally {
    for (const signal of FORWARDED) process.off(signal, forward);
    process.off("SIGINT", wait);
  }
}

const started = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    child.once("spawn", () => resolve(child.pid as number));
    child.once("error", (cause) => reject(new UsageError(`the command cannot be started: ${codeOf(cause)}`)));
  });

const ended = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    child.once("error", (cause) => reject(new UsageError(`the command cannot be started: ${codeOf(cause)}`)));
    child.once("close", (code, signal) => resolve(code ?? BY_SIGNAL + (signal ? constants.signals[signal] : 0)));
  });

const codeOf = (error: Error): string => String((error as { code?: unknown }).code ?? error.message);
