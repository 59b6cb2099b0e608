import { cosignBundle } from "@cache/bundle";
import { toHex } from "@cache/core/bytes";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { printable, writeJson, writeLine } from "../output.ts";
import { outputPath, publishOutput } from "../output-file.ts";
import { UsageError } from "../usage-error.ts";
import { withProgress } from "./progress.ts";
import { SIGNATURE } from "./signatures.ts";
import { advised, atMost, subjectOf } from "./subject.ts";

/** `cache bundle sign`: by the configured key, beside that of whoever made the package. */
export async function sign(invocation: Invocation, rest: readonly string[]): Promise<number> {
  atMost(rest, 1);
  const { given } = invocation;
  const { file, trust } = await subjectOf(invocation, rest);
  const identity = trust.sign?.identity;
  if (identity === undefined) throw new UsageError("no key to sign with is configured");
  const signedBy = toHex(identity.keyId);
  const path = given.text("output") ?? `${file}.${signedBy.slice(0, 8)}${SIGNATURE}`;
  const output = await outputPath(path);
  if (output === undefined) throw new UsageError("a signature is written to a file");
  const work = withProgress("verifying", (onProgress) => cosignBundle(file, { ...trust, onProgress }));
  await publishOutput({ ...output, mode: 0o644 }, [await advised(work)]);
  if (given.flag("json")) await writeJson({ file: path, signedBy });
  else await writeLine(`${printable(path)}: signed by ${signedBy}`);
  return EXIT.ok;
}
