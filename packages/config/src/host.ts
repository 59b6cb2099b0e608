import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** Variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The user's home directory; `undefined` when there is none. */
export function homeOf({ HOME }: Environment): string | undefined {
  if (process.platform !== "win32" && HOME !== undefined && isAbsolute(HOME)) return HOME;
  try {
    const home = homedir();
    return isAbsolute(home) ? home : undefined;
  } catch {
    // A user who is in no list of users, as in containers, has none.
    return undefined;
  }
}

/**
 * Where the user's own settings are: `$XDG_CONFIG_HOME/cache`, or `~/.config/cache`. A relative path there is ignored, as the
 * XDG Base Directory Specification wants it: it would mean other settings in every directory.
 */
export function settingsOf(environment: Environment): string | undefined {
  const { XDG_CONFIG_HOME: base } = environment;
  if (base && isAbsolute(base)) return join(base, "cache");
  const home = homeOf(environment);
  return home && join(home, ".config", "cache");
}
