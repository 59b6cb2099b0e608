import { toHex, utf8 } from "@cache/core/bytes";
import type { About, EnvironmentRules, Launch, Note } from "./about.ts";

/** What the member begins with. */
export const FORMAT = "cache-bundle";
export const VERSION = 1;

type Pairs = readonly (readonly [string, string])[];

const isEmpty = (list: readonly unknown[] | undefined): boolean => list === undefined || list.length === 0;

/** One form for each set of names: ascending. */
const sorted = (names: readonly string[] = []): string[] => [...new Set(names)].sort();

const pairsOf = (variables: Readonly<Record<string, string>> = {}): Pairs =>
  Object.entries(variables).sort(([a], [b]) => (a < b ? -1 : 1));

const withoutEmpty = (fields: Readonly<Record<string, readonly unknown[]>>): object | undefined => {
  const kept = Object.entries(fields).filter(([, list]) => !isEmpty(list));
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
};

const rulesOf = ({ pass, unset, map, set }: EnvironmentRules): object | undefined =>
  withoutEmpty({ pass: sorted(pass), unset: sorted(unset), map: pairsOf(map), set: pairsOf(set) });

function launchOf({ command, arguments: given, workDirectory = "caller", environment = {} }: Launch): object {
  const rules = rulesOf(environment);
  return {
    command,
    ...(isEmpty(given) ? {} : { arguments: given }),
    ...(workDirectory === "caller" ? {} : { workDirectory }),
    ...(rules === undefined ? {} : { environment: rules }),
  };
}

function noteOf({ path, purpose, compressed }: Note): object {
  const { algorithm, size, digest } = compressed ?? {};
  return {
    path,
    ...(purpose === undefined ? {} : { purpose }),
    ...(compressed === undefined ? {} : { compressed: { algorithm, size, digest: toHex(digest as Uint8Array) } }),
  };
}

/** The one form of what is said: JSON without white space, fields in this order, what is empty left out, a line break at the end. */
export function encodeAbout({ version, contents, launch, members }: About): Uint8Array {
  const document = {
    format: FORMAT,
    version: VERSION,
    ...(version === undefined ? {} : { release: version }),
    ...(contents === undefined ? {} : { contents }),
    ...(launch === undefined ? {} : { launch: launchOf(launch) }),
    ...(members.length === 0 ? {} : { members: members.map(noteOf) }),
  };
  return utf8(`${JSON.stringify(document)}\n`);
}
