import type { PlaceTurn, Waiting } from "@cache/files";
import type { Given } from "../command.ts";
import { note } from "../output.ts";
import { Aside } from "./aside.ts";
import { runCommand } from "./run-command.ts";

/** Names the turns that a command is run in, so that one that makes the same path in it does not wait for itself. */
const WITHIN = "CACHE_FILES_WITHIN";

const within = (): string[] => (process.env[WITHIN] ?? "").split(" ").filter((id) => id !== "");

/** How a turn at a path is waited for. */
export const turnOptions = (path: string): Waiting => ({
  within: within(),
  onWait: () => note(`something else is making ${path}, and is waited for`),
});

/** Runs a command where nothing of an older result is, unless that was asked for. What was there is back when the command cannot be started. */
export async function runNew(given: Given, path: string, command: readonly string[], turn: PlaceTurn): Promise<number> {
  const env = { ...process.env, [WITHIN]: [...within(), turn.id].join(" ") };
  const aside = given.flag("keep") ? undefined : await Aside.of(path);
  let isStarted = false;
  try {
    return await runCommand(command, {
      env,
      async onStart(pid) {
        isStarted = true;
        // A turn that does not know the command ends too early only if this process is killed.
        await Promise.all([turn.include(pid).catch(() => undefined), aside?.remove()]);
      },
    });
  } finally {
    if (!isStarted) await aside?.putBack();
  }
}
