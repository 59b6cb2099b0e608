import { fromUtf8 } from "@cache/core/bytes";
import type { KeyringProtection } from "@cache/core/keyring";
import { readPrivateFile } from "@cache/core/keyring-file";
import type { Invocation } from "../command.ts";
import { UsageError } from "../usage-error.ts";
import { askSecrets, canAsk } from "./prompt.ts";

type Permissions = "strict" | "relaxed";

/** The first line of a private file. */
export function passphraseIn(path: string, permissions: Permissions): string {
  const bytes = readPrivateFile(path, { permissions, called: "the passphrase file" });
  try {
    const [line = ""] = fromUtf8(bytes).split(/\r?\n/, 1);
    // The mark that editors on Windows put in front of UTF-8.
    return line.replace(/^\ufeff/, "");
  } catch {
    throw new UsageError("the passphrase file is not UTF-8 text");
  } finally {
    bytes.fill(0);
  }
}

function givenPassphrase({ given, environment }: Invocation, permissions: Permissions): string | undefined {
  const file = given.text("passphrase-file") ?? environment.passphraseFile;
  if (file === undefined) return environment.passphrase;
  if (environment.passphrase !== undefined)
    throw new UsageError("a passphrase comes from CACHE_KEYRING_PASSPHRASE or from a file, not from both");
  return passphraseIn(file, permissions);
}

/** A protection by one passphrase, loaded when it is needed. */
export async function protectedBy(passphrase: string | (() => Promise<string>)): Promise<KeyringProtection> {
  const { passphraseProtection } = await import("@cache/crypto-envelope/passphrase");
  return passphraseProtection(passphrase);
}

/** By the passphrase that was given; `undefined` when none was. */
export async function givenProtection(
  invocation: Invocation,
  permissions: Permissions,
): Promise<KeyringProtection | undefined> {
  const passphrase = givenPassphrase(invocation, permissions);
  return passphrase === undefined ? undefined : protectedBy(passphrase);
}

/** What opens a protected file: the passphrase that was given, or else the one that a person types. */
export async function protectionFor(
  invocation: Invocation,
  permissions: Permissions,
): Promise<KeyringProtection | undefined> {
  const given = await givenProtection(invocation, permissions);
  if (given !== undefined || !canAsk()) return given;
  let asked: Promise<string[]> | undefined;
  return protectedBy(async () => {
    asked ??= askSecrets("passphrase of the keyring file: ");
    const [answer = ""] = await asked;
    return answer;
  });
}
