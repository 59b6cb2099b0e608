import { inspectBundle } from "@cache/bundle";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { writeJson, writeLine } from "../output.ts";
import { titleOf, writeDescription, writeMembers } from "./describe.ts";
import { advised, atMost, packageArgument } from "./subject.ts";

/** `cache bundle inspect`. */
export async function runInspect({ given }: Invocation, rest: readonly string[]): Promise<number> {
  atMost(rest, 1);
  const claimed = await advised(inspectBundle(await packageArgument(rest)));
  if (given.flag("json")) {
    await writeJson(claimed);
    return EXIT.ok;
  }
  const key = claimed.claimedKey === undefined ? "nobody signed it" : `it names the key ${claimed.claimedKey}`;
  await writeLine(`${titleOf(claimed)}: claimed, nothing was verified; ${key}`);
  await writeDescription(claimed);
  await writeMembers(claimed);
  return EXIT.ok;
}
