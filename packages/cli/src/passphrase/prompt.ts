import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { isatty } from "node:tty";
import { writeError } from "../output.ts";
import { UsageError } from "../usage-error.ts";

/** Whether somebody sits there to be asked. */
export function canAsk(): boolean {
  return isatty(0) && isatty(2);
}

/**
 * Asks at the terminal, one question after the other, and shows nothing of the answers.
 * @throws UsageError when it is left without one
 */
export async function askSecrets(...questions: readonly string[]): Promise<string[]> {
  const silent = new Writable({ write: (_piece, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true, historySize: 0 });
  // Not a listener for each: what is typed or pasted ahead answers the next question.
  const lines = terminal[Symbol.asyncIterator]();
  try {
    const answers: string[] = [];
    for (const question of questions) {
      writeError(question);
      const { value, done } = await lines.next();
      writeError("\n");
      if (done) throw new UsageError("no passphrase was given");
      answers.push(value);
    }
    return answers;
  } finally {
    terminal.close();
  }
}
