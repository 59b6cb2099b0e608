import { homedir } from "node:os";
import { posix, win32 } from "node:path";
import { CacheError } from "@cache/core/adapter";

/** What the answer of {@link defaultCacheDirectory} depends on. */
export interface Host {
  readonly platform: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The user's home directory. */
  readonly home: string;
}

const APPLICATION = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9_-])?$/;

/** Names of devices on Windows, whatever follows a dot. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * Where the platform keeps the cache of an application: `$XDG_CACHE_HOME/<application>` when that is an absolute path
 * (XDG Base Directory Specification), else `~/.cache/<application>`; `~/Library/Caches/<application>` on macOS;
 * `%LOCALAPPDATA%\<application>\Cache` on Windows. Looks at no disk.
 * @param application - one to 64 letters, digits, `.`, `_` and `-`, beginning with a letter or digit and not ending with a dot
 * @param host - this process and its user, unless given
 * @throws TypeError for another name
 * @throws CacheError ERR_CACHE_CONFIG when the user has no home directory to keep it in
 */
export function defaultCacheDirectory(application: string, host: Host = thisHost()): string {
  if (!APPLICATION.test(application) || DEVICE.test(application)) {
    throw new TypeError("an application's name is 1 to 64 letters, digits, dots, hyphens and underscores");
  }
  const { platform, environment } = host;
  if (platform === "win32") {
    const { LOCALAPPDATA: local } = environment;
    const base =
      local && win32.isAbsolute(local) ? local : win32.join(homeOf(host, win32.isAbsolute), "AppData", "Local");
    return win32.join(base, application, "Cache");
  }
  if (platform === "darwin") return posix.join(homeOf(host, posix.isAbsolute), "Library", "Caches", application);
  const { XDG_CACHE_HOME: base } = environment;
  // A relative path is to be ignored, says the specification: it would mean another cache in every directory.
  if (base && posix.isAbsolute(base)) return posix.join(base, application);
  return posix.join(homeOf(host, posix.isAbsolute), ".cache", application);
}

function homeOf({ home }: Host, isAbsolute: (path: string) => boolean): string {
  if (isAbsolute(home)) return home;
  throw new CacheError("ERR_CACHE_CONFIG", "this user has no home directory; name a directory for the cache");
}

function thisHost(): Host {
  return { platform: process.platform, environment: process.env, home: homedir() };
}
