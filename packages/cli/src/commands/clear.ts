import type { Command, Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { openSession } from "../session.ts";

async function run(invocation: Invocation): Promise<number> {
  const { cache } = await openSession(invocation);
  await cache.clear();
  return EXIT.ok;
}

/** `cache clear`. */
export const command: Command = {
  usage: "clear",
  summary: "Remove every key of the namespace",
  details:
    "What other keys sealed stays, and so do other namespaces, and what has lost its note, which verify counts as orphaned.\nContent goes with gc.",
  positionals: [0, 0],
  run,
};
