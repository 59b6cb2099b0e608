import type { Command, Invocation } from "../command.ts";
import { scriptFor, type Word } from "../completion-scripts.ts";
import { EXIT } from "../exit-codes.ts";
import { write } from "../output.ts";
import { GLOBAL_OPTIONS } from "../parse.ts";

/** Every command with its options. The table is loaded here, where it already exists, to keep the two from importing each other. */
async function words(): Promise<Word[]> {
  const { COMMANDS } = await import("../commands.ts");
  return Promise.all(
    Object.entries(COMMANDS).map(async ([name, load]) => {
      const { command: each } = await load();
      const options = Object.entries({ ...each.options, ...GLOBAL_OPTIONS }).map(([option, { help }]) => ({ name: `--${option}`, help }));
      const [, alternatives] = /^\w+ (\w+(?:\|\w+)+)$/.exec(each.usage) ?? [];
      return { name, summary: each.summary, options, arguments: alternatives?.split("|") ?? [] };
    }),
  );
}

async function run({ given }: Invocation): Promise<number> {
  await write(scriptFor(given.positionals[0], await words()));
  return EXIT.ok;
}

/** `cache completion`. */
export const command: Command = {
  usage: "completion bash|zsh|fish",
  summary: "Print a script that completes commands and options in a shell",
  details: `  bash: source <(cache completion bash)
  zsh:  source <(cache completion zsh)
  fish: cache completion fish | source`,
  positionals: [1, 1],
  run,
};
