import { EXIT } from "../exit-codes.ts";
import { readInput } from "../input.ts";
import { writeJson, writeLine } from "../output.ts";
import { sizeText } from "../units.ts";
import { UsageError } from "../usage-error.ts";
import type { Desk } from "./desk.ts";

/** Standard input is read into memory, since it has to be read twice. */
const MOST_INPUT = 268_435_456;

/** `cache delta put`. */
export async function putVersion({ given, deltas }: Desk, name: string): Promise<number> {
  const file = given.positionals[2];
  const content = file === undefined || file === "-" ? await readInput(file, MOST_INPUT, "name a file instead") : file;
  const version = await deltas.put(name, content).catch(refuseInput);
  if (given.flag("json")) await writeJson(version);
  else await writeLine(`${version.digest} ${sizeText(version.size)}, ${keptAs(version.delta)}`);
  return EXIT.ok;
}

/** How a version is kept, for people. */
export const keptAs = (delta: { readonly size: number } | undefined): string =>
  delta === undefined ? "whole" : `delta of ${sizeText(delta.size)}`;

/** What the system says of the path that was named is wrong use; all else is as it is. */
function refuseInput(error: unknown): never {
  const { code, syscall } = (error ?? {}) as { code?: unknown; syscall?: unknown };
  if (typeof code !== "string" || (syscall !== "open" && syscall !== "read")) throw error;
  throw new UsageError(`the input cannot be read: ${code}`, "name a file, or - for standard input");
}
