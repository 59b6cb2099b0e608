import { type ImportedEntries, importEntries } from "@cache/bundle";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { note, writeJson, writeLine } from "../output.ts";
import { openSession, whyOff } from "../session.ts";
import { sizeText } from "../units.ts";
import { UsageError } from "../usage-error.ts";
import { titleOf } from "./describe.ts";
import { withProgress } from "./progress.ts";
import { advised, atMost, packageArgument, trustOf } from "./subject.ts";
import { trustText } from "./verify.ts";

async function tell({ bundle, transfer }: ImportedEntries, dryRun: boolean): Promise<void> {
  const { copied, there, expired, refused, bytes } = transfer;
  const done = `${copied} entries ${dryRun ? "would be imported" : "imported"}, ${sizeText(bytes)}`;
  await writeLine(`${titleOf(bundle)}: ${done}; ${there} were there, ${expired} have expired; ${trustText(bundle)}`);
  if (refused > 0) note(`${refused} entries do not hold for these keys, and were left`);
}

/** `cache bundle import`. */
export async function importFrom(invocation: Invocation, rest: readonly string[]): Promise<number> {
  atMost(rest, 1);
  const { given } = invocation;
  const file = await packageArgument(rest);
  const off = await whyOff(invocation);
  if (off !== undefined) throw new UsageError(`${off}, so nothing would be imported`);
  const session = await openSession(invocation);
  const { store, protection, onEvent } = session;
  const { seal, sign } = protection;
  const trust = await trustOf(invocation, file, session);
  const [overwrite, dryRun] = [given.flag("overwrite"), given.flag("dry-run")];
  const to = { store, seal, sign, onEvent };
  const work = withProgress("importing", (watched) =>
    importEntries(file, { ...trust, seal, to, overwrite, dryRun, ...watched }),
  );
  const found = await advised(work);
  const { bundle, transfer } = found;
  const { members: _, launch: __, ...said } = bundle;
  if (given.flag("json")) await writeJson({ state: "ok", ...said, dryRun, ...transfer });
  else await tell(found, dryRun);
  return transfer.refused > 0 ? EXIT.rejected : EXIT.ok;
}
