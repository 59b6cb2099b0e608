import { CacheError } from "@cache/core";
import type { Keyring } from "@cache/core/keyring";
import type { KeyringFileOptions } from "@cache/core/keyring-file";
import type { Invocation } from "./command.ts";
import type { LoadedConfig } from "./config/load.ts";

const conflict = (why: string): CacheError => new CacheError("ERR_CACHE_CONFIG", why);

/** How keys were named, if they were. */
interface Sources {
  /** On the command line or in the environment. */
  readonly file: string | undefined;
  /** A key list from the environment: a secret. */
  readonly text: string | undefined;
}

function explicitSources({ given, environment }: Invocation): Sources {
  const file = given.text("keyring-file") ?? environment.keyringFile;
  if (file === "") throw conflict("the keyring file is set to nothing");
  if (file !== undefined && environment.keyring !== undefined) {
    throw conflict("keys come from CACHE_KEYRING or from a keyring file, not from both");
  }
  return { file, text: environment.keyring };
}

/** The keyring file in use, for commands that change it. */
export function keyringPath(invocation: Invocation, config: LoadedConfig): string | undefined {
  return explicitSources(invocation).file ?? config.keyringFile;
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
 * The keyring that was asked for. The command line and the environment decide before the configuration, and a
 * configuration that names whom to trust is not mixed with keys that were named there.
 * @throws CacheError for a source that is set and unusable: nothing falls back to no keys
 */
export async function loadKeyring(invocation: Invocation, config: LoadedConfig): Promise<Keyring | undefined> {
  const { file, text } = explicitSources(invocation);
  const explicit = file !== undefined || text !== undefined;
  if (explicit && config.sign !== undefined) {
    throw conflict(
      "the configuration says whom to trust, and so do keys given outside it; give --no-config, or leave them out",
    );
  }
  if (text !== undefined) {
    const { keyringFromEnvironment } = await import("@cache/core/keyring");
    return keyringFromEnvironment({ CACHE_KEYRING: text });
  }
  const path = file ?? config.keyringFile;
  if (path === undefined) return undefined;
  const { readKeyringFile } = await import("@cache/core/keyring-file");
  return readKeyringFile(path, await keyringFileOptions(invocation, path));
}
