import { randomInt } from "node:crypto";
import { fstatSync, statSync } from "node:fs";
import { type KeyringFileOptions, protectKeyringFile, readKeyringFile } from "@cache/core/keyring-file";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { isFileProtected, keyringFileOptions, permissionsOf } from "../keyring-source.ts";
import { isBrokenPipe, writeJson, writeLine } from "../output.ts";
import { askSecrets, canAsk } from "../passphrase/prompt.ts";
import { passphraseIn, protectedBy } from "../passphrase/source.ts";
import { UsageError } from "../usage-error.ts";
import { keyringFileOf, noMore } from "./file.ts";

/** Letters and digits that nobody takes for one another, 5 bits each. */
const ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";
/** 100 bits: more than scrypt's cost makes anybody try. */
const GROUPS = 5;

function generated(): string {
  const group = (): string => Array.from({ length: 4 }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
  return Array.from({ length: GROUPS }, group).join("-");
}

/** The new passphrase, and whether it was made here and has to be shown. */
async function newPassphrase(invocation: Invocation): Promise<{ readonly text: string; readonly shown: boolean }> {
  const { given } = invocation;
  const file = given.text("new-passphrase-file");
  if (given.flag("generate")) {
    if (file !== undefined) throw new UsageError("--generate and --new-passphrase-file contradict each other");
    return { text: generated(), shown: true };
  }
  if (file !== undefined) return { text: passphraseIn(file, permissionsOf(invocation).permissions), shown: false };
  if (!canAsk())
    throw new UsageError(
      "no new passphrase was given",
      "give --new-passphrase-file FILE or --generate, or use a terminal",
    );
  const [text = "", again] = await askSecrets("new passphrase, at least 12 characters: ", "once more: ");
  if (again !== text) throw new UsageError("the two passphrases differ");
  return { text, shown: false };
}

/** A keyring file, and what opens it now. */
interface Present {
  readonly path: string;
  readonly options: KeyringFileOptions;
}

/** Opens the file as it is, so that a wrong passphrase is found out before a new one is asked for. */
async function openPresent(invocation: Invocation): Promise<Present> {
  const path = await keyringFileOf(invocation);
  const plain = permissionsOf(invocation);
  const options = (await isFileProtected(path, plain.permissions)) ? await keyringFileOptions(invocation, path) : plain;
  await readKeyringFile(path, options);
  return { path, options };
}

/** Tells before the change: a passphrase that nobody could read would lock the keys away. */
async function requireShown(tell: () => Promise<void>): Promise<void> {
  const nobody = "nobody would read the passphrase, so nothing was changed";
  // In the place of an output that is closed Node opens the null device, which takes everything.
  if (isNullDevice(STDOUT)) throw new UsageError(nobody, "give --new-passphrase-file FILE");
  try {
    await tell();
  } catch (error) {
    throw isBrokenPipe(error) ? new UsageError(nobody, "the reader of standard output has left") : error;
  }
}

const STDOUT = 1;

function isNullDevice(descriptor: number): boolean {
  const device = statSync("/dev/null", { throwIfNoEntry: false });
  return device?.isCharacterDevice() === true && fstatSync(descriptor).rdev === device.rdev;
}

/** `cache keys protect`. */
export async function protect(invocation: Invocation, rest: readonly string[]): Promise<number> {
  noMore(rest);
  const { path, options } = await openPresent(invocation);
  const { text, shown } = await newPassphrase(invocation);
  const tell = () =>
    invocation.given.flag("json")
      ? writeJson({ protected: true, passphrase: shown ? text : undefined })
      : writeLine(shown ? text : "protected the keyring file");
  if (shown) await requireShown(tell);
  await protectKeyringFile(path, await protectedBy(text), options);
  if (!shown) await tell();
  return EXIT.ok;
}

/** `cache keys unprotect`. */
export async function unprotect(invocation: Invocation, rest: readonly string[]): Promise<number> {
  noMore(rest);
  const { path, options } = await openPresent(invocation);
  if (options.protection === undefined) throw new UsageError("the keyring file is not protected");
  await protectKeyringFile(path, undefined, options);
  await (invocation.given.flag("json") ? writeJson({ protected: false }) : writeLine("the keyring file is text now"));
  return EXIT.ok;
}
