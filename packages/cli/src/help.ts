import type { Command, Options } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { GLOBAL_OPTIONS } from "./parse.ts";

function optionLines(options: Options): string {
  const rows = Object.entries(options).map(([name, { short, value, help }]) => {
    const left = `${short === undefined ? "    " : `-${short}, `}--${name}${value === undefined ? "" : ` ${value}`}`;
    return `  ${left.padEnd(36)}${help}`;
  });
  return rows.join("\n");
}

const EXIT_TEXT = `Exit codes: 0 done or hit, 1 miss, 2 wrong use, 3 rejected or damaged, 4 store failure,
70 a fault of this program or of a configuration that is code.`;

/** `cache COMMAND --help`. */
export function commandHelp({ usage, summary, details, options }: Command): string {
  const parts = [`Usage: cache ${usage}`, `${summary}.`];
  if (details !== undefined) parts.push(details);
  if (options !== undefined) parts.push(`Options:\n${optionLines(options)}`);
  parts.push(`Options of every command:\n${optionLines(GLOBAL_OPTIONS)}`, EXIT_TEXT);
  return `${parts.join("\n\n")}\n`;
}

/** `cache --help`. */
export async function overview(): Promise<string> {
  const rows: string[] = [];
  for (const load of Object.values(COMMANDS)) {
    const { command } = await load();
    const { usage, summary } = command;
    rows.push(usage.length < 35 ? `  ${usage.padEnd(36)}${summary}` : `  ${usage}\n${" ".repeat(38)}${summary}`);
  }
  return `${[
    "Usage: cache COMMAND [OPTIONS]",
    "A cache whose store nobody has to trust: what comes back was verified.",
    `Commands:\n${rows.join("\n")}`,
    `Options of every command:\n${optionLines(GLOBAL_OPTIONS)}\n  ${"    --version".padEnd(36)}print the version`,
    `Environment:
  CACHE_DIR             directory of the default cache
  CACHE_CONFIG          configuration to use instead of those that are found
  CACHE_KEYRING         keys, the primary first, or the text of a keyring file; a secret
  CACHE_KEYRING_FILE    file with the keys
  CACHE_KEYRING_PASSPHRASE_FILE
                        file whose first line opens a protected key file
  CACHE_KEYRING_PASSPHRASE
                        what opens it; a secret
  CACHE_REQUIRE         sign, seal or sign,seal: a cache that lacks one is not opened
  CACHE_OFF=1           get misses, set and put store nothing
  CACHE_EPHEMERAL=1     the default cache ends with the process
  CACHE_DEBUG=1         stack traces`,
    EXIT_TEXT,
  ].join("\n\n")}\n`;
}
