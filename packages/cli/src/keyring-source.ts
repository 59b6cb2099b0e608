import { chainFromEnvironment, checkSources, configuredKeyring, type KeySources } from "@cache/config/keys";
import type { Keyring } from "@cache/core/keyring";
import type { KeyringFileOptions } from "@cache/core/keyring-file";
import type { Invocation } from "./command.ts";
import type { LoadedConfig } from "./config/load.ts";

/** Keys and roots that were named on the command line or in the environment, and how key files are read. */
export function sourcesOf(invocation: Invocation): KeySources {
  const { given, environment } = invocation;
  const sources = {
    file: given.text("keyring-file") ?? environment.keyringFile,
    text: environment.keyring,
    chain: chainFromEnvironment(environment.chain),
    fileOptions: (path: string) => keyringFileOptions(invocation, path),
  };
  checkSources(sources);
  return sources;
}

/** The keyring file in use, for commands that change it. */
export function keyringPath(invocation: Invocation, config: LoadedConfig): string | undefined {
  return sourcesOf(invocation).file ?? config.keyringFile;
}

/** Files with secrets that a command was given, or that the configuration names: of keys and of a passphrase. */
export function secretFilesOf(invocation: Invocation, { keyringFile, sign }: LoadedConfig): string[] {
  const { given, environment } = invocation;
  const keys = [sourcesOf(invocation).file, keyringFile, sign?.identityFile];
  const passphrases = [given.text("passphrase-file"), environment.passphraseFile];
  return [...keys, ...passphrases].filter((path) => path !== undefined);
}

/** How strict reading a key file is. */
export function permissionsOf({ given }: Invocation): { readonly permissions: "strict" | "relaxed" } {
  return { permissions: given.flag("keyring-relaxed-permissions") ? "relaxed" : "strict" };
}

/** How a key file is read: how strictly, and by which passphrase. */
export async function keyringFileOptions(invocation: Invocation, path: string): Promise<KeyringFileOptions> {
  const { permissions } = permissionsOf(invocation);
  const needed = isPassphraseGiven(invocation) || (await isFileProtected(path, permissions));
  if (!needed) return { permissions };
  const { protectionFor } = await import("./passphrase/source.ts");
  return { permissions, protection: await protectionFor(invocation, permissions) };
}

/** By an option or by the environment. */
function isPassphraseGiven({ given, environment }: Invocation): boolean {
  const { passphrase, passphraseFile } = environment;
  return [given.text("passphrase-file"), passphraseFile, passphrase].some((source) => source !== undefined);
}

/** Whether a keyring file is protected by now. */
export async function isFileProtected(path: string, permissions: "strict" | "relaxed"): Promise<boolean> {
  const [{ isProtected }, { readPrivateFile }] = [
    await import("@cache/core/keyring"),
    await import("@cache/core/keyring-file"),
  ];
  const stored = readPrivateFile(path, { permissions });
  const answer = isProtected(stored);
  stored.fill(0);
  return answer;
}

/**
 * The keyring that was asked for, by the command line, the environment or the configuration, in this order.
 * @throws CacheError for a source that is set and unusable: nothing falls back to no keys
 */
export async function loadKeyring(invocation: Invocation, config: LoadedConfig): Promise<Keyring | undefined> {
  return configuredKeyring(config, sourcesOf(invocation));
}
