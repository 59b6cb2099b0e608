import type { Command, Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { inputOf } from "../input.ts";
import { note, writeJson, writeLine } from "../output.ts";
import { counted } from "../progress.ts";
import { openSession, whyOff } from "../session.ts";

async function digestOf(pieces: AsyncIterable<Uint8Array>, why: string): Promise<string> {
  const { createHash } = await import("node:crypto");
  const running = createHash("sha256");
  for await (const piece of pieces) running.update(piece);
  note(`${why}: nothing was stored`);
  return running.digest("hex");
}

async function run(invocation: Invocation): Promise<number> {
  const { given } = invocation;
  const pieces = counted("storing", inputOf(given.positionals[0]));
  const off = await whyOff(invocation);
  const digest =
    off !== undefined ? await digestOf(pieces, off) : await (await openSession(invocation)).cache.blobs.put(pieces);
  await (given.flag("json") ? writeJson({ digest }) : writeLine(digest));
  return EXIT.ok;
}

/** `cache put`. */
export const command: Command = {
  usage: "put [FILE|-]",
  summary: "Store content of any size and print its SHA-256",
  details: "--json prints {digest}.",
  positionals: [0, 1],
  run,
};
