import { isCacheError } from "@cache/core";
import { utf8 } from "@cache/core/bytes";
import { promise } from "../promises.mjs";
import { internal } from "../target.mjs";

/** @typedef {import("../target.mjs").Target} Target */

/** @type {typeof import("../../../packages/cli/src/parse.ts")} */
const { parseCommand } = await internal("cli/parse");
/** @type {typeof import("../../../packages/cli/src/commands.ts")} */
const { COMMANDS } = await internal("cli/commands");
/** @type {typeof import("../../../packages/cli/src/arguments.ts")} */
const { digestArgument, keyArgument } = await internal("cli/arguments");
/** @type {typeof import("../../../packages/cli/src/output.ts")} */
const { printable } = await internal("cli/output");

const COMMANDS_BY_NAME = await Promise.all(
  Object.entries(COMMANDS).map(async ([name, load]) => /** @type {const} */ ([name, (await load()).command])),
);
const OPTIONS = [...new Set(COMMANDS_BY_NAME.flatMap(([, command]) => Object.keys(command.options ?? {})))].map(
  (name) => `--${name}`,
);

/** What says that the command was used wrongly. @param {() => unknown} work */
function used(work) {
  try {
    return work();
  } catch (error) {
    if (/** @type {Error} */ (error).name === "UsageError" || isCacheError(error)) return undefined;
    throw error;
  }
}

/** @type {Target} */
const commandLine = {
  name: "arguments",
  covers: ["parseCommand"],
  seeds: () =>
    ["get\0key\0-o\0file", "ls\0--json\0--dir=x", "gc\0--keep\x0010m\0--no-config", "audit\0verify\0--\0-x"].map(utf8),
  dictionary: [
    "\0",
    ...COMMANDS_BY_NAME.map(([name]) => `${name}\0`),
    ...OPTIONS,
    "--",
    "-h",
    "=",
    "--__proto__",
    "--constructor=",
    "\ufffd",
  ],
  run(bytes) {
    // As the platform does it: what is no text arrives with marks in its place.
    const [name = "", ...args] = new TextDecoder().decode(bytes).split("\0");
    promise(COMMANDS[name] === undefined || Object.hasOwn(COMMANDS, name), "nothing but a command is one");
    const command = COMMANDS_BY_NAME.find(([each]) => each === name)?.[1] ?? COMMANDS_BY_NAME[0]?.[1];
    if (command === undefined) return;
    const given = /** @type {import("../../../packages/cli/src/command.ts").Given | undefined} */ (
      used(() => parseCommand(command, args))
    );
    promise(
      given === undefined || given.flag("help") || given.positionals.every((each) => args.includes(each)),
      "an argument is what was given",
    );
    for (const each of args) {
      used(() => keyArgument(each));
      used(() => digestArgument(each));
      promise(!/[\p{Cc}\p{Cf}]/u.test(printable(each)), "what is printed moves no cursor");
    }
  },
};

export const commandTargets = [commandLine];
