import { cosignBundle, inspectCosignature } from "@cache/bundle";
import { isCacheError } from "@cache/core";
import { toHex } from "@cache/core/bytes";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { readRegularFile } from "../foreign/regular-file.ts";
import { secretFilesOf } from "../keyring-source.ts";
import { printable, writeJson, writeLine } from "../output.ts";
import { type OutputPath, outputPath, publishOutput } from "../output-file.ts";
import { UsageError } from "../usage-error.ts";
import { withProgress } from "./progress.ts";
import { timesOf } from "./said.ts";
import { requireNoSecret } from "./secret-place.ts";
import { MOST_BYTES, SIGNATURE } from "./signatures.ts";
import { advised, atMost, type Subject, subjectOf } from "./subject.ts";

const OTHERS = ["ERR_CACHE_FORMAT", "ERR_CACHE_UNSUPPORTED_VERSION", "ERR_CACHE_LIMIT"] as const;

/** A signature takes the place of a signature: a slip must cost nobody a key, nor the package itself. */
function requireReplaceable({ path, isThere }: OutputPath): void {
  if (!isThere) return;
  try {
    inspectCosignature(readRegularFile(path, MOST_BYTES));
  } catch (error) {
    if (!OTHERS.some((code) => isCacheError(error, code))) throw error;
    throw new UsageError(
      "the signature would take the place of a file with something else in it",
      "name another with -o",
    );
  }
}

async function placeOf(invocation: Invocation, { context }: Subject, path: string): Promise<OutputPath> {
  const output = await outputPath(path);
  if (output === undefined) throw new UsageError("a signature is written to a file");
  await requireNoSecret(output.path, secretFilesOf(invocation, context.config));
  requireReplaceable(output);
  return output;
}

/** `cache bundle sign`: by the configured key, beside that of whoever made the package. */
export async function sign(invocation: Invocation, rest: readonly string[]): Promise<number> {
  atMost(rest, 1);
  const { given } = invocation;
  const subject = await subjectOf(invocation, rest);
  const { file, trust } = subject;
  const times = timesOf(given);
  const identity = trust.sign?.identity;
  if (identity === undefined) throw new UsageError("no key to sign with is configured");
  const signedBy = toHex(identity.keyId);
  const path = given.text("output") ?? `${file}.${signedBy.slice(0, 8)}${SIGNATURE}`;
  await placeOf(invocation, subject, path);
  const work = withProgress("verifying", (watched) => cosignBundle(file, { ...trust, ...times, ...watched }));
  const signature = await advised(work);
  // Again, as a large package takes its time.
  const output = await placeOf(invocation, subject, path);
  await publishOutput({ ...output, mode: 0o644 }, [signature]);
  if (given.flag("json")) await writeJson({ file: path, signedBy, expires: times.expires });
  else await writeLine(`${printable(path)}: signed by ${signedBy}`);
  return EXIT.ok;
}
