import { type ExportedEntries, exportEntries } from "@cache/bundle";
import { ephemeralStore } from "@cache/cas";
import type { EntrySelection, TransferReport } from "@cache/core/maintenance";
import { keyArgument } from "../arguments.ts";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { note, printable, writeJson, writeLine } from "../output.ts";
import { mentionAbsence, mentionUntold } from "../remarks.ts";
import { openSession } from "../session.ts";
import { sizeText } from "../units.ts";
import { UsageError } from "../usage-error.ts";
import { LAUNCH_OPTIONS } from "./create-options.ts";
import { withProgress } from "./progress.ts";
import { saidOf } from "./said.ts";
import { fileArgument, nameOf } from "./subject.ts";
import { refuseOptions } from "./transfer-options.ts";

const OTHERS = [
  "overwrite",
  "dry-run",
  "max-bytes",
  "exclude",
  "compression",
  "purpose",
  ...Object.keys(LAUNCH_OPTIONS),
];

/** Which entries were asked for. @throws UsageError for two ways to say it at once */
function askedFor({ given }: Invocation, keys: readonly string[], namespace: string): EntrySelection {
  const [prefix, all] = [given.text("prefix"), given.flag("all-namespaces")];
  if (keys.length > 0 && (prefix !== undefined || all))
    throw new UsageError("keys are named, so --prefix and --all-namespaces say nothing");
  if (keys.length > 0) return { namespace, keys: keys.map(keyArgument) };
  return { namespace: all ? undefined : namespace, prefix };
}

function exitCodeOf({ refused, untold, missing }: TransferReport): number {
  if (refused > untold) return EXIT.rejected;
  return missing > 0 ? EXIT.miss : EXIT.ok;
}

async function tell(file: string, { bundle, transfer }: ExportedEntries): Promise<void> {
  const { copied, bytes, expired, refused, untold, missing } = transfer;
  const made = `${sizeText(bundle.fileSize)}, digest ${bundle.digest}`;
  await writeLine(`${printable(file)}: ${copied} entries of ${sizeText(bytes)}; ${made}`);
  if (expired > 0) note(`${expired} entries have expired and were left out`);
  if (refused > untold) note(`${refused - untold} entries do not hold and were left out; cache verify tells more`);
  if (missing > 0) note(`${missing} of the keys have no value`);
}

/** `cache bundle export`. */
export async function exportTo(invocation: Invocation, rest: readonly string[]): Promise<number> {
  const { given } = invocation;
  const file = fileArgument(rest);
  refuseOptions(given, "export", OTHERS);
  const said = { name: nameOf(invocation, file), ...saidOf(given) };
  const { store, protection, namespace } = await openSession(invocation);
  const { seal, sign } = protection;
  const entries = askedFor(invocation, rest.slice(1), namespace);
  mentionAbsence(store);
  if (sign === undefined) note("no keys are configured: nobody signs the package, and readers find accidents only");
  const staging = await ephemeralStore();
  try {
    const from = { store, seal, sign };
    const made = await withProgress("exporting", (onProgress) =>
      exportEntries(file, { ...said, namespace, from, staging, entries, onProgress }),
    );
    const { bundle, transfer } = made;
    if (given.flag("json"))
      await writeJson({ file, name: said.name, ...bundle, sealed: seal !== undefined, ...transfer });
    else await tell(file, made);
    mentionUntold(transfer.untold, seal !== undefined);
    return exitCodeOf(transfer);
  } finally {
    await staging.close();
  }
}
