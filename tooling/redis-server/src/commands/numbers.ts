import { Refusal } from "../protocol/reply.ts";
import { raw } from "./command.ts";

/** A whole number. @throws Refusal */
export function integer(word: Buffer | undefined): number {
  const text = raw(word);
  if (!/^-?\d{1,18}$/.test(text)) throw new Refusal("ERR value is not an integer or out of range");
  return Number(text);
}
