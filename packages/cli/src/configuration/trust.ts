import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { nearestConfig, trustConfig, trustedConfigs, untrustConfig } from "@cache/config/trust";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { note, printable, writeJson, writeLine } from "../output.ts";
import { UsageError } from "../usage-error.ts";
import { rowsOf } from "./rows.ts";

const FILE = "cache.config.json";

/** The file that an action is about. */
function fileOf(path: string | undefined): string {
  if (path === undefined) {
    const nearest = nearestConfig(process.cwd());
    if (nearest === undefined) throw new UsageError("there is no configuration here, or above", "name one");
    return nearest;
  }
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? join(path, FILE) : path;
}

/** `cache config trust`. */
export async function trust({ given }: Invocation, path: string | undefined): Promise<number> {
  const trusted = await trustConfig(fileOf(path));
  if (given.flag("json")) await writeJson(trusted);
  else {
    await writeLine(`trusted ${printable(trusted.path)} (SHA-256 ${trusted.digest})`);
    for (const row of rowsOf(trusted.config)) await writeLine(`  ${row.name.padEnd(26)} ${row.text}`);
  }
  return EXIT.ok;
}

/** `cache config untrust`. */
export async function untrust({ given }: Invocation, path: string | undefined): Promise<number> {
  const file = resolve(fileOf(path));
  await untrustConfig(file);
  await (given.flag("json") ? writeJson({ path: file }) : writeLine(`trusted no more: ${printable(file)}`));
  return EXIT.ok;
}

/** `cache config list`. */
export async function listTrusted({ given }: Invocation, path: string | undefined): Promise<number> {
  if (path !== undefined) throw new UsageError("there are too many arguments", "cache config --help");
  const files = trustedConfigs();
  for (const file of files)
    await (given.flag("json") ? writeJson(file) : writeLine(`${file.state.padEnd(10)} ${printable(file.path)}`));
  if (files.length === 0 && !given.flag("json")) note("no configuration is trusted");
  return EXIT.ok;
}
