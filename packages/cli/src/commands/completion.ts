import type { Command, Commands, Invocation } from "../command.ts";
import { scriptFor, type Word } from "../completion-scripts.ts";
import { EXIT } from "../exit-codes.ts";
import { write } from "../output.ts";
import { GLOBAL_OPTIONS } from "../parse.ts";

/** Every command with its options. */
async function words(commands: Commands): Promise<Word[]> {
  return Promise.all(
    Object.entries(commands).map(async ([name, load]) => {
      const { command: each } = await load();
      const options = Object.entries({ ...each.options, ...GLOBAL_OPTIONS }).map(([option, { help }]) => ({
        name: `--${option}`,
        help,
      }));
      const [, alternatives] = /^\w+ (\w+(?:\|\w+)+)(?: DIR)?$/.exec(each.usage) ?? [];
      return { name, summary: each.summary, options, arguments: alternatives?.split("|") ?? [] };
    }),
  );
}

async function run({ given, commands }: Invocation): Promise<number> {
  await write(scriptFor(given.positionals[0], await words(commands)));
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
