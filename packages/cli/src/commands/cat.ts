import type { Blobs } from "@cache/core";
import { digestArgument } from "../arguments.ts";
import type { Command, Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { isBrokenPipe, note, write, writeJson } from "../output.ts";
import { type OutputPath, outputPath, publishOutput } from "../output-file.ts";
import { counted } from "../progress.ts";
import { openSession, whyOff } from "../session.ts";
import { UsageError } from "../usage-error.ts";

/** Content up to this size is verified as a whole before its first byte is written. */
const HELD_BACK = 4_194_304;

async function writeAll(pieces: AsyncIterable<Uint8Array>): Promise<void> {
  let held: Uint8Array[] | undefined = [];
  let length = 0;
  for await (const piece of pieces) {
    length += piece.byteLength;
    held?.push(piece);
    if (held === undefined) await write(piece);
    else if (length > HELD_BACK) {
      for (const each of held) await write(each);
      held = undefined;
    }
  }
  for (const each of held ?? []) await write(each);
}

async function copy(blobs: Blobs, digest: string, path: OutputPath | undefined): Promise<boolean> {
  const pieces = await blobs.open(digest);
  if (pieces === undefined) return false;
  const watched = counted("reading", pieces);
  await (path === undefined ? writeAll(watched) : publishOutput(path, watched));
  return true;
}

async function run(invocation: Invocation): Promise<number> {
  const { given } = invocation;
  const digest = digestArgument(given.positionals[0]);
  const path = await outputPath(given.text("output"));
  if (given.flag("json") && path === undefined) throw new UsageError("content is not printed as JSON", "give -o FILE");
  const off = await whyOff(invocation);
  if (off !== undefined) {
    note(`${off}: a miss`);
    if (given.flag("json")) await writeJson({ state: "miss" });
    return EXIT.miss;
  }
  const { cache } = await openSession(invocation);
  const found = await copy(cache.blobs, digest, path).catch((error: unknown) => {
    // Whoever stops reading has what was not verified to its end: that is no success.
    if (isBrokenPipe(error)) return undefined;
    throw error;
  });
  if (found === undefined) return EXIT.store;
  if (given.flag("json")) await writeJson({ state: found ? "hit" : "miss" });
  return found ? EXIT.ok : EXIT.miss;
}

/** `cache cat`. */
export const command: Command = {
  usage: "cat DIGEST [-o FILE]",
  summary: "Write content to standard output",
  details: `Up to 4 MiB are verified before the first byte is written. Larger content is streamed: do not act on it before the
exit code is 0, or give -o FILE, which appears only when all of it was verified. A reader that leaves early makes it 4.
--json, with -o, prints {state}.`,
  options: { output: { type: "string", short: "o", value: "FILE", help: "write to a file instead" } },
  positionals: [1, 1],
  run,
};
