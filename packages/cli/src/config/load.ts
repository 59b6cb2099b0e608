import { loadConfig, type SelectedCache, selectCache, type LoadedConfig as WholeConfig } from "@cache/config";
import type { Invocation } from "../command.ts";
import { note } from "../output.ts";
import { UsageError } from "../usage-error.ts";

/** The configuration of the cache that a command works with. */
export type LoadedConfig = SelectedCache;

let hasRunCode = false;

/** Whether a configuration that is code was run, which may have left something running. */
export const ranCode = (): boolean => hasRunCode;

async function load({ given }: Invocation): Promise<WholeConfig> {
  const file = given.text("config");
  const search = !given.flag("no-config");
  if (file !== undefined && !search) throw new UsageError("--config and --no-config contradict each other");
  const onCode = (): void => {
    hasRunCode = true;
  };
  return loadConfig({ file, search, onRemark: note, onCode });
}

const loaded = new WeakMap<Invocation, Promise<WholeConfig>>();

/** The configuration with all its caches; read once for each invocation, so that all of a command sees the same. */
export function wholeConfigOf(invocation: Invocation): Promise<WholeConfig> {
  const known = loaded.get(invocation) ?? load(invocation);
  loaded.set(invocation, known);
  return known;
}

/** The configuration of the cache that is meant. */
export async function configOf(invocation: Invocation): Promise<LoadedConfig> {
  const { given, environment } = invocation;
  const { dir: CACHE_DIR, ephemeral: CACHE_EPHEMERAL, require: CACHE_REQUIRE } = environment;
  return selectCache(await wholeConfigOf(invocation), given.text("cache"), {
    CACHE_DIR,
    CACHE_EPHEMERAL,
    CACHE_REQUIRE,
  });
}
