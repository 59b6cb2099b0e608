import { configuredProtection, type Protection } from "@cache/config/keys";
import type { Invocation } from "./command.ts";
import type { LoadedConfig } from "./config/load.ts";
import { sourcesOf } from "./keyring-source.ts";

export type { Protection } from "@cache/config/keys";

/** What a command's cache is protected with. */
export function protectionOf(invocation: Invocation, config: LoadedConfig): Promise<Protection> {
  return configuredProtection(config, sourcesOf(invocation));
}
