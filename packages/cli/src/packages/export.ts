import { stat } from "node:fs/promises";
import { type ExportedEntries, type ExportOptions, exportEntries } from "@cache/bundle";
import { ephemeralStore, type FileStore } from "@cache/cas";
import type { EntrySelection } from "@cache/core/maintenance";
import { keyArgument } from "../arguments.ts";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { secretFilesOf } from "../keyring-source.ts";
import { note, printable, writeJson, writeLine } from "../output.ts";
import { mentionUntold } from "../remarks.ts";
import { openSession } from "../session.ts";
import { sizeText } from "../units.ts";
import { UsageError } from "../usage-error.ts";
import { withProgress } from "./progress.ts";
import { refuseKeys } from "./published.ts";
import { saidOf } from "./said.ts";
import { requireNoSecret } from "./secret-place.ts";
import { fileArgument, nameOf } from "./subject.ts";

/** Which entries were asked for. @throws UsageError for two ways to say it at once */
function askedFor({ given }: Invocation, keys: readonly string[], namespace: string): EntrySelection {
  const [prefix, all] = [given.text("prefix"), given.flag("all-namespaces")];
  if (keys.length > 0 && (prefix !== undefined || all))
    throw new UsageError("keys are named, so --prefix and --all-namespaces say nothing");
  if (keys.length > 0) return { namespace, keys: keys.map(keyArgument) };
  return { namespace: all ? undefined : namespace, prefix };
}

/** A directory that was mistyped looks like an empty cache. @throws UsageError */
async function requireThere({ directory }: FileStore): Promise<void> {
  await stat(directory).catch(({ code }: { readonly code?: unknown }) => {
    if (code === "ENOENT" || code === "ENOTDIR")
      throw new UsageError(`there is no cache in ${directory}`, "check --dir");
    // Whoever opens it says what else is wrong with it.
  });
}

function exitCodeOf({ bundle, transfer: { refused, untold, missing } }: ExportedEntries): number {
  if (refused > untold) return EXIT.rejected;
  return missing > 0 || bundle === undefined ? EXIT.miss : EXIT.ok;
}

async function tell(file: string, { bundle, transfer }: ExportedEntries): Promise<void> {
  const { copied, bytes, expired, refused, untold, missing } = transfer;
  if (bundle === undefined) note(`no package was made; ${copied} entries were found`);
  else {
    const made = `${sizeText(bundle.fileSize)}, digest ${bundle.digest}`;
    await writeLine(`${printable(file)}: ${copied} entries of ${sizeText(bytes)}; ${made}`);
  }
  if (expired > 0) note(`${expired} entries have expired and were left out`);
  if (refused > untold) note(`${refused - untold} entries do not hold and were left out; cache verify tells more`);
  if (missing > 0) note(`${missing} of the keys have no value`);
}

/** Puts the entries together in a store that ends with the job, and before whatever stopped it ends the command. */
async function exported(file: string, options: Omit<ExportOptions, "staging">): Promise<ExportedEntries> {
  return await withProgress("exporting", async (watched) => {
    const staging = await ephemeralStore();
    try {
      return await exportEntries(file, { ...options, staging, ...watched });
    } finally {
      await staging.close();
    }
  });
}

/** `cache bundle export`. */
export async function exportTo(invocation: Invocation, rest: readonly string[]): Promise<number> {
  const { given } = invocation;
  const file = fileArgument(rest);
  const said = { name: nameOf(invocation, file), ...saidOf(given) };
  const { store, protection, namespace, config } = await openSession(invocation);
  refuseKeys(given, namespace);
  const { seal, sign } = protection;
  const entries = askedFor(invocation, rest.slice(1), namespace);
  await requireNoSecret(file, secretFilesOf(invocation, config));
  await requireThere(store);
  if (sign === undefined) note("no keys are configured: nobody signs the package, and readers find accidents only");
  const made = await exported(file, { ...said, namespace, from: { store, seal, sign }, entries });
  const { bundle, transfer } = made;
  if (given.flag("json"))
    await writeJson({ file, name: said.name, ...bundle, sealed: seal !== undefined, ...transfer });
  else await tell(file, made);
  mentionUntold(transfer.untold, seal !== undefined);
  return exitCodeOf(made);
}
