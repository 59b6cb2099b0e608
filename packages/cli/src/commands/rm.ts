import { keyArgument } from "../arguments.ts";
import type { Command, Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { openSession } from "../session.ts";

async function run(invocation: Invocation): Promise<number> {
  const keys = invocation.given.positionals.map(keyArgument);
  const { cache } = await openSession(invocation);
  await cache.deleteMany(keys);
  return EXIT.ok;
}

/** `cache rm`. */
export const command: Command = {
  usage: "rm KEY...",
  summary: "Remove keys",
  details: "Removing what is not there is no error. Large values go with the next gc.",
  positionals: [1, Number.POSITIVE_INFINITY],
  run,
};
