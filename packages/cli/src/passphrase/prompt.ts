import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { isatty } from "node:tty";
import { writeError } from "../output.ts";
import { UsageError } from "../usage-error.ts";

/** Whether somebody sits there to be asked. */
export function canAsk(): boolean {
  return isatty(0) && isatty(2);
}

/** Asks at the terminal, and shows nothing of the answer. @throws UsageError when it is left without one */
export function askSecret(question: string): Promise<string> {
  const silent = new Writable({ write: (_piece, _encoding, done) => done() });
  const line = createInterface({ input: process.stdin, output: silent, terminal: true, historySize: 0 });
  writeError(question);
  return new Promise((resolve, reject) => {
    line.once("line", (text) => {
      resolve(text);
      line.close();
    });
    line.once("close", () => {
      writeError("\n");
      reject(new UsageError("no passphrase was given"));
    });
  });
}
