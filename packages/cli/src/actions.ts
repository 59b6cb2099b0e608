import type { Invocation } from "./command.ts";
import { UsageError } from "./usage-error.ts";

/** One of the things that a command of several does; it is given what stands behind its name. */
export type Action = (invocation: Invocation, rest: readonly string[]) => Promise<number>;

/** By name, each loaded when it is asked for. */
export type Actions = ReadonlyMap<string, () => Promise<Action>>;

/** Does what the first argument names. @throws UsageError for a name that is none */
export async function runAction(actions: Actions, invocation: Invocation): Promise<number> {
  const [name = "", ...rest] = invocation.given.positionals;
  const load = actions.get(name);
  if (load === undefined)
    throw new UsageError("there is no such action", `it is one of ${[...actions.keys()].join(", ")}`);
  return (await load())(invocation, rest);
}
