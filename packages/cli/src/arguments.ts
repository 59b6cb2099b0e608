import { UsageError } from "./usage-error.ts";

/** A key from the command line. */
export function keyArgument(text: string | undefined): string {
  if (text === undefined || text === "") throw new UsageError("the key is empty");
  if (Buffer.byteLength(text) > 4096) throw new UsageError("the key has more than 4096 bytes");
  return text;
}

/** A digest from the command line, in either case. */
export function digestArgument(text: string | undefined): string {
  if (text === undefined || !/^[0-9a-fA-F]{64}$/.test(text)) throw new UsageError("a digest is 64 hexadecimal digits");
  return text.toLowerCase();
}
