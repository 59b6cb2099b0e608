import { lstat } from "node:fs/promises";
import { type Compression, createBundle, type DirectoryOptions, directoryMembers, type NewMember } from "@cache/bundle";
import { isCacheError } from "@cache/core";
import type { Invocation } from "../command.ts";
import { excludeOf } from "../exclude.ts";
import { EXIT } from "../exit-codes.ts";
import { withHint } from "../failure.ts";
import { secretFilesOf } from "../keyring-source.ts";
import { note, printable, writeJson, writeLine } from "../output.ts";
import { contextOf } from "../session.ts";
import { sizeText } from "../units.ts";
import { UsageError } from "../usage-error.ts";
import { asWrongUse } from "../wrong-use.ts";
import { launchOf, withPurposes } from "./launch.ts";
import { ownOutput } from "./own-output.ts";
import { withProgress } from "./progress.ts";
import { refuseKeys } from "./published.ts";
import { saidOf } from "./said.ts";
import { requireNoSecret } from "./secret-place.ts";
import { fileArgument, nameOf } from "./subject.ts";

const LEAVE_OUT = "--exclude NAME leaves out what has that name or path";

/** A package, and what goes into it. */
interface Source {
  readonly file: string;
  readonly directories: readonly string[];
}

async function* membersOf({ file, directories }: Source, options: DirectoryOptions): AsyncGenerator<NewMember> {
  for (const directory of directories) {
    const found = await lstat(directory).catch(() => undefined);
    if (!found?.isDirectory()) throw new UsageError("what is to be packed is no directory, or cannot be seen");
    const isOwn = await ownOutput(directory, file);
    const exclude = (path: string): boolean => isOwn(path) || options.exclude?.(path) === true;
    try {
      yield* directoryMembers(directory, { ...options, exclude });
    } catch (error) {
      if (isCacheError(error, "ERR_CACHE_UNSAFE_PATH")) throw new UsageError(error.message, LEAVE_OUT);
      throw error;
    }
  }
}

function asWrongInput(error: unknown): never {
  if (isCacheError(error, "ERR_CACHE_SECRET"))
    throw withHint(error, `keep keys outside of what is packed; ${LEAVE_OUT}`);
  return asWrongUse(error);
}

/** `cache bundle create`. */
export async function create(invocation: Invocation, rest: readonly string[]): Promise<number> {
  const { given } = invocation;
  const [file, directories] = [fileArgument(rest), rest.slice(1)];
  if (directories.length === 0) throw new UsageError("no directory to pack is named");
  const { protection, namespace, config } = await contextOf(invocation);
  refuseKeys(given, namespace);
  const { sign } = protection;
  if (sign === undefined) note("no keys are configured: nobody signs the package, and readers find accidents only");
  const secretFiles = secretFilesOf(invocation, config);
  await requireNoSecret(file, secretFiles);
  const options = {
    ...{ name: nameOf(invocation, file), namespace, sign, launch: launchOf(given), ...saidOf(given) },
    compression: given.text("compression") as Compression | undefined,
  };
  const members = withPurposes(membersOf({ file, directories }, { exclude: excludeOf(given), secretFiles }), given);
  const made = await withProgress("packing", (watched) =>
    createBundle(file, members, { ...options, ...watched }),
  ).catch(asWrongInput);
  if (given.flag("json")) await writeJson({ file, name: options.name, ...made });
  else
    await writeLine(`${printable(file)}: ${made.members} members, ${sizeText(made.fileSize)}, digest ${made.digest}`);
  return EXIT.ok;
}
