/** The signals that end a process unless it listens for them, and that it can listen for. */
const SIGNALS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

const endings = new Set<() => void>();

/**
 * Calls a function when the process ends by itself, by an uncaught exception or by a signal. The outcome stays what it
 * would have been: a signal that only we listen for ends the process as that signal does. When the program listens for a
 * signal itself, what happens is its decision; if the process then ends in an orderly way the function is called.
 * @returns what takes the function back
 */
export function atProcessEnd(ending: () => void): () => void {
  if (endings.size === 0) listen();
  endings.add(ending);
  return () => {
    endings.delete(ending);
    if (endings.size === 0) unlisten();
  };
}

function listen(): void {
  process.on("exit", endAll);
  // First, to see the program's listeners before those among them that are for one time only are taken away.
  for (const signal of SIGNALS) process.prependListener(signal, onSignal);
}

function unlisten(): void {
  process.off("exit", endAll);
  for (const signal of SIGNALS) process.off(signal, onSignal);
}

function endAll(): void {
  for (const ending of endings) ending();
  endings.clear();
}

function onSignal(signal: NodeJS.Signals): void {
  // Other libraries do as we do, and end the process only if nobody but they listens: so for now we do not.
  process.off(signal, onSignal);
  if (process.listenerCount(signal) === 0) {
    endAll();
    unlisten();
    process.kill(process.pid, signal);
  } else {
    setImmediate(() => {
      if (endings.size > 0) process.prependListener(signal, onSignal);
    });
  }
}
