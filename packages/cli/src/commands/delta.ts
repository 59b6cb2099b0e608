import type { Command, Invocation } from "../command.ts";
import { countVersions, listVersions, verifyVersions } from "../delta/care.ts";
import { type Desk, openDesk, openLookingDesk } from "../delta/desk.ts";
import { getVersion } from "../delta/get.ts";
import { putVersion } from "../delta/put.ts";
import { EXIT } from "../exit-codes.ts";
import { removeFrom } from "../look.ts";
import { note, writeJson } from "../output.ts";
import { openSession, whyOff } from "../session.ts";
import { shownKeyArgument } from "../shown-key.ts";
import { UsageError } from "../usage-error.ts";

/** An action, and the fewest and most arguments it takes. */
interface Action {
  readonly takes: readonly [least: number, most: number];
  /** Options of its own. */
  readonly options: readonly string[];
  run(invocation: Invocation, name: string): Promise<number>;
}

/** Below the namespace that a command is given: where the library keeps versions. */
const NAMESPACE = "deltas";

async function remove(invocation: Invocation): Promise<number> {
  const names = invocation.given.positionals.slice(1).map(shownKeyArgument);
  await removeFrom(await openSession(invocation), NAMESPACE, names);
  return EXIT.ok;
}

/** For an action that needs nothing but the versions, opened in some way. */
const by =
  <D extends Desk>(open: (invocation: Invocation) => Promise<D>, run: (desk: D, name: string) => Promise<number>) =>
  async (invocation: Invocation, name: string): Promise<number> =>
    run(await open(invocation), name);

const ACTIONS: Readonly<Record<string, Action>> = Object.assign(Object.create(null), {
  put: { takes: [1, 2], options: ["engine", "max-ratio"], run: by(openDesk, putVersion) },
  get: { takes: [1, 1], options: ["output"], run: by(openDesk, getVersion) },
  ls: { takes: [0, 1], options: [], run: by(openLookingDesk, listVersions) },
  stats: { takes: [0, 0], options: [], run: by(openLookingDesk, countVersions) },
  verify: { takes: [0, 0], options: [], run: by(openLookingDesk, verifyVersions) },
  rm: { takes: [1, Number.POSITIVE_INFINITY], options: [], run: remove },
} satisfies Record<string, Action>);

const OWN = ["engine", "max-ratio", "output"];

function actionOf({ given }: Invocation): readonly [Action, string] {
  const [name = "", ...rest] = given.positionals;
  const action = ACTIONS[name];
  if (action === undefined) throw new UsageError("there is no such action", `it is ${Object.keys(ACTIONS).join(", ")}`);
  const [least, most] = action.takes;
  if (rest.length < least || rest.length > most)
    throw new UsageError(rest.length < least ? "an argument is missing" : "there are too many arguments", USAGE);
  const other = OWN.find((option) => given.text(option) !== undefined && !action.options.includes(option));
  if (other !== undefined) throw new UsageError(`--${other} is no option of delta ${name}`);
  return [action, least > 0 || rest[0] ? shownKeyArgument(rest[0]) : ""];
}

/** What a cache that is off answers. */
async function answerOff({ given }: Invocation, why: string): Promise<number> {
  const isRead = given.positionals[0] === "get";
  note(`${why}: ${isRead ? "a miss" : "nothing was stored"}`);
  if (isRead && given.flag("json")) await writeJson({ state: "miss" });
  return isRead ? EXIT.miss : EXIT.ok;
}

async function run(invocation: Invocation): Promise<number> {
  const [action, name] = actionOf(invocation);
  const off = action === ACTIONS["get"] || action === ACTIONS["put"] ? await whyOff(invocation) : undefined;
  if (off !== undefined) return answerOff(invocation, off);
  return action.run(invocation, name);
}

const USAGE = "delta put NAME [FILE|-] | get NAME [-o FILE] | ls [PREFIX] | stats | verify | rm NAME...";

/** `cache delta`. */
export const command: Command = {
  usage: USAGE,
  summary: "Keep versions of large files as deltas",
  details: `Names that are equal up to the last slash are a group. put replaces what has the NAME. A version is kept as what differs from another of its group, or whole
where that saves too little. get writes only what was verified as a whole; with -o the file appears whole or not at all. What only
a removed version needed goes with the next gc. ls and stats end with 3 when something is not believed. verify rebuilds every version; it ends with 3 when one was rejected, 4 when one needs an
engine that is not there, 1 when something is lost.
--json: put prints {name, digest, size, delta}, get -o the same with state, ls one such document a line, stats {versions, deltas, references,
bytesGiven, bytesKept, ratio}, verify {ok, lost, rejected, unreadable, problems}.`,
  options: {
    output: { type: "string", short: "o", value: "FILE", help: "for get: write to a file instead" },
    engine: {
      type: "string",
      value: "NAME",
      help: "for put: copy-insert, the default, or xdelta3, which is installed",
    },
    "max-ratio": { type: "string", value: "N", help: "for put: largest part that a delta may be of its version; 0.5" },
  },
  positionals: [1, Number.POSITIVE_INFINITY],
  run,
};
