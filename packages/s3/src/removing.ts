import { type DeleteOptions, type Name, storeError } from "@cache/core/adapter";
import type { Context } from "./context.ts";
import { codeOf, isAbsence } from "./failure.ts";
import { statValue } from "./reading/read.ts";
import { pause } from "./writing/pause.ts";

const TRIES = 6;

/** What it takes to be gone, or to have been put again: nothing is left to do. */
function isDone(error: unknown): boolean {
  return isAbsence(error) || codeOf(error) === "PreconditionFailed";
}

/** Copies that no permission or no server allows: readers see the name gone all the same. */
const NOT_SET_ASIDE = new Set([
  "AccessDenied",
  "NotImplemented",
  "MethodNotAllowed",
  "EntityTooLarge",
  "InvalidRequest",
]);

/** `delete` of the store. */
export async function deleteValue(
  context: Context,
  name: Name,
  { ifVersion, quarantine = false, signal }: DeleteOptions,
): Promise<void> {
  const key = context.layout.keyOf(name);
  // No condition to the clients, and here a version that no value has.
  if (ifVersion === "") return;
  if (!quarantine) return remove(context, key, ifVersion, signal);
  const version = ifVersion ?? (await statValue(context, name, signal))?.version;
  if (version === undefined) return;
  if (await setAside(context, name, key, version, signal)) await remove(context, key, version, signal);
}

/** Whether the version is still there. */
async function setAside(
  { bucket, asker, layout }: Context,
  name: Name,
  key: string,
  ifMatch: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const doing = "setting a value aside";
  try {
    const to = layout.quarantineOf(name, ifMatch);
    await asker.ask({ doing, signal }, (signal) => bucket.copyObject({ key, ifMatch }, to, { signal }));
  } catch (error) {
    if (isDone(error)) return false;
    if (!NOT_SET_ASIDE.has(codeOf(error) ?? "")) throw storeError(doing, error, signal);
  }
  return true;
}

async function remove(
  { bucket, asker }: Context,
  key: string,
  ifMatch: string | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      const asking = { doing: "deleting a value", signal, commits: true };
      return await asker.ask(asking, (signal) => bucket.deleteObject(key, { ifMatch, signal }));
    } catch (error) {
      if (isDone(error)) return;
      if (codeOf(error) !== "ConditionalRequestConflict" || tries === TRIES)
        throw storeError("deleting a value", error, signal);
      await pause(tries, signal);
    }
  }
}
