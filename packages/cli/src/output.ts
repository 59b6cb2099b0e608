/** Writes to standard output and waits until it is taken, so that memory stays bounded. */
export function write(data: Uint8Array | string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(data, (error) => (error ? reject(error) : resolve()));
  });
}

/** One line of text. */
export function writeLine(text: string): Promise<void> {
  return write(`${text}\n`);
}

/** One JSON document in a line. */
export function writeJson(value: unknown): Promise<void> {
  return writeLine(JSON.stringify(value));
}

/** A remark for people, on standard error. */
export function note(text: string): void {
  process.stderr.write(`cache: ${printable(text)}\n`);
}

/** Text that a terminal shows as it is: control characters and what reorders text are escaped. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** Whether the reader of our output has left. */
export function isBrokenPipe(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === "EPIPE";
}

/** A reader who leaves, as `head` does, has what it wanted. */
export function leaveQuietlyOnBrokenPipe(): void {
  process.stdout.on("error", (error) => {
    if (!isBrokenPipe(error)) throw error;
    process.exit();
  });
  process.stderr.on("error", () => {
    // Nobody listens to remarks; the exit code still tells.
  });
}
