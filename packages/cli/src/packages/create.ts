import { lstat } from "node:fs/promises";
import { type Compression, createBundle, directoryMembers, type NewMember } from "@cache/bundle";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { note, printable, writeJson, writeLine } from "../output.ts";
import { contextOf } from "../session.ts";
import { sizeText } from "../units.ts";
import { UsageError } from "../usage-error.ts";
import { asWrongUse } from "../wrong-use.ts";
import { launchOf, withPurposes } from "./launch.ts";
import { withProgress } from "./progress.ts";
import { saidOf } from "./said.ts";
import { fileArgument, nameOf } from "./subject.ts";

async function* membersOf(directories: readonly string[]): AsyncGenerator<NewMember> {
  for (const directory of directories) {
    const found = await lstat(directory).catch(() => undefined);
    if (!found?.isDirectory()) throw new UsageError("what is to be packed is no directory, or cannot be seen");
    yield* directoryMembers(directory);
  }
}

/** `cache bundle create`. */
export async function create(invocation: Invocation, rest: readonly string[]): Promise<number> {
  const { given } = invocation;
  const [file, directories] = [fileArgument(rest), rest.slice(1)];
  if (directories.length === 0) throw new UsageError("no directory to pack is named");
  const { protection, namespace } = await contextOf(invocation);
  const { sign } = protection;
  if (sign === undefined) note("no keys are configured: nobody signs the package, and readers find accidents only");
  const options = {
    ...{ name: nameOf(invocation, file), namespace, sign, launch: launchOf(given), ...saidOf(given) },
    compression: given.text("compression") as Compression | undefined,
  };
  const members = withPurposes(membersOf(directories), given);
  const made = await withProgress("packing", (onProgress) =>
    createBundle(file, members, { ...options, onProgress }),
  ).catch(asWrongUse);
  if (given.flag("json")) await writeJson({ file, name: options.name, ...made });
  else
    await writeLine(`${printable(file)}: ${made.members} members, ${sizeText(made.fileSize)}, digest ${made.digest}`);
  return EXIT.ok;
}
