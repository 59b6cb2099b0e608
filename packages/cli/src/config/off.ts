import type { Invocation } from "../command.ts";
import { UsageError } from "../usage-error.ts";
import { configOf } from "./load.ts";

/** Whether `CACHE_OFF` is set. */
function isOff({ environment: { off } }: Invocation): boolean {
  if (off === undefined || off === "" || off === "0") return false;
  if (off === "1") return true;
  throw new UsageError("CACHE_OFF is 1, 0 or not set");
}

/** Why reads miss and writes are dropped; `undefined` when they are not. */
export async function whyOff(invocation: Invocation): Promise<string | undefined> {
  if (isOff(invocation)) return "CACHE_OFF is set";
  const { off, place } = await configOf(invocation);
  if (off === true) return "the configuration switches the cache off";
  if (invocation.given.text("dir") !== undefined || place === "directory" || place === "nowhere") return undefined;
  return "the cache ends with this command";
}
