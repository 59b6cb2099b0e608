import { keyArgument } from "../arguments.ts";
import type { Command, Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { note, writeJson } from "../output.ts";
import { openSession, whyOff } from "../session.ts";

async function run(invocation: Invocation): Promise<number> {
  const { given } = invocation;
  const key = keyArgument(given.positionals[0]);
  const off = await whyOff(invocation);
  if (off !== undefined) {
    note(`${off}: a miss`);
    if (given.flag("json")) await writeJson({ state: "miss" });
    return EXIT.miss;
  }
  const { cache } = await openSession(invocation);
  const found = await cache.lookup(key);
  if (given.flag("json"))
    await writeJson(found.state === "rejected" ? { state: found.state, code: found.code } : { state: found.state });
  if (found.state === "rejected") throw found.error;
  return found.state === "hit" ? EXIT.ok : EXIT.miss;
}

/** `cache has`. */
export const command: Command = {
  usage: "has KEY",
  summary: "Say by the exit code whether get would give a value",
  details: "The value is read and verified. --json prints {state}, with code when it is rejected.",
  positionals: [1, 1],
  run,
};
