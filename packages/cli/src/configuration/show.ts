import type { CacheConfig, LoadedConfig } from "@cache/config";
import type { Invocation } from "../command.ts";
import { lastingDirectory } from "../config/directory.ts";
import { configOf, wholeConfigOf } from "../config/load.ts";
import { EXIT } from "../exit-codes.ts";
import { printable, writeJson, writeLine } from "../output.ts";

import { UsageError } from "../usage-error.ts";
import { rowsOf } from "./rows.ts";

/** Options and variables that come before the configuration, by what they decide. Keys are only said to be given. */
function outside({ given, environment }: Invocation): [name: string, from: string][] {
  const sources: [string, string, unknown][] = [
    ["dir", "--dir", given.text("dir")],
    ["dir", "CACHE_DIR", given.text("cache") === undefined ? environment.dir : undefined],
    ["namespace", "--namespace", given.text("namespace")],
    ["keyringFile", "--keyring-file", given.text("keyring-file")],
    ["keyringFile", "CACHE_KEYRING_FILE", environment.keyringFile],
    ["keys", "CACHE_KEYRING", environment.keyring],
    ...Object.entries(environment.chain).map(([name, value]): [string, string, unknown] => ["sign", name, value]),
    ["require", "CACHE_REQUIRE", environment.require],
    ["off", "CACHE_OFF", environment.off],
    ["ephemeral", "CACHE_EPHEMERAL", environment.ephemeral],
  ];
  return sources.filter(([, , value]) => value !== undefined).map(([name, from]) => [name, from]);
}

/** Without what tells where it came from, so that it can stand in a file. */
function plain({ files: _files, sources: _sources, ...config }: LoadedConfig): CacheConfig {
  return config;
}

/** `cache config show`. */
export async function showConfig(invocation: Invocation, path: string | undefined): Promise<number> {
  if (path !== undefined) throw new UsageError("there are too many arguments", "cache config --help");
  const whole = await wholeConfigOf(invocation);
  const selected = await configOf(invocation);
  const { name, place } = selected;
  const directory = lastingDirectory(invocation, selected);
  const [config, before] = [plain(whole), outside(invocation)];
  if (invocation.given.flag("json")) {
    const { files, sources } = whole;
    const outsideOf = Object.fromEntries(before);
    await writeJson({ cache: name ?? null, place, directory, files, config, sources, outside: outsideOf });
    return EXIT.ok;
  }
  await writeLine(`cache       ${name ?? "the one without a name"}, ${place}`);
  if (directory !== undefined) await writeLine(`directory   ${printable(directory)}`);
  for (const file of whole.files) await writeLine(`file        ${printable(file)}`);
  for (const [field, from] of before) await writeLine(`outside     ${field} by ${from}`);
  for (const row of rowsOf(config))
    await writeLine(`${row.name}  ${row.text}  (${printable(whole.sources[row.name] ?? "")})`);
  return EXIT.ok;
}
