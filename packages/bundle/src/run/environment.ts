import type { EnvironmentRules } from "../about/about.ts";

/** Variables of a process. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** What nearly every program needs, and what says nothing that it could not find out. */
const ALWAYS: readonly string[] = [
  ...["PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_*", "TZ", "TERM", "COLORTERM", "NO_COLOR"],
  ...["TMPDIR", "TMP", "TEMP", "XDG_*"],
  // Windows starts few programs without these.
  ...[
    "SYSTEMROOT",
    "SYSTEMDRIVE",
    "WINDIR",
    "COMSPEC",
    "PATHEXT",
    "USERPROFILE",
    "APPDATA",
    "LOCALAPPDATA",
    "PROGRAMDATA",
  ],
];

/** Keys, which no package gets to see, whatever it asks for. */
const NEVER: readonly string[] = ["CACHE_KEYRING", "CACHE_KEYRING_PASSPHRASE"];

const isWindows = process.platform === "win32";
/** Windows knows names in either case. */
const folded = (name: string): string => (isWindows ? name.toUpperCase() : name);

function matches(name: string, pattern: string): boolean {
  const wanted = folded(pattern);
  return wanted.endsWith("*") ? folded(name).startsWith(wanted.slice(0, -1)) : folded(name) === wanted;
}

const isAmong = (name: string, patterns: readonly string[]): boolean => patterns.some((each) => matches(name, each));

/** The variables that a launched command finds, of those that its user has. */
export function filteredEnvironment(variables: Variables, rules: EnvironmentRules = {}): Record<string, string> {
  const { pass = [], unset = [], map = {}, set = {} } = rules;
  const named = Object.entries(variables).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const offered = named.filter(([name]) => !isAmong(name, NEVER));
  const passed = offered.filter(([name]) => isAmong(name, [...ALWAYS, ...pass]) && !isAmong(name, unset));
  const mapped = Object.entries(map).flatMap(([name, from]) =>
    offered.filter(([each]) => matches(each, from)).map(([, value]) => [name, value] as const),
  );
  return Object.fromEntries([...passed, ...mapped, ...Object.entries(set)]);
}
