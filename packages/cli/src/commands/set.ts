import { parseDuration } from "@cache/core/adapter";
import { keyArgument } from "../arguments.ts";
import type { Command, Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { inputOf, readInput } from "../input.ts";
import { note, writeJson } from "../output.ts";
import { openSession, whyOff } from "../session.ts";

/** What `get` takes into memory, so a larger value could never be read again. */
const LARGEST = 67_108_864;

async function discard(file: string | undefined, why: string): Promise<number> {
  for await (const _ of inputOf(file)) {
    // The writer of a pipe is let finish.
  }
  note(`${why}: nothing was stored`);
  return EXIT.ok;
}

async function run(invocation: Invocation): Promise<number> {
  const { given } = invocation;
  const key = keyArgument(given.positionals[0]);
  const file = given.positionals[1];
  const ttl = given.text("ttl");
  if (ttl !== undefined) parseDuration(ttl);
  const off = await whyOff(invocation);
  if (off !== undefined) return discard(file, off);
  const { cache } = await openSession(invocation);
  const value = await readInput(file, LARGEST, "store it by its digest with cache put");
  await cache.set(key, value, ttl === undefined ? undefined : { ttl });
  if (given.flag("json")) await writeJson({ stored: true, size: value.byteLength });
  return EXIT.ok;
}

/** `cache set`. */
export const command: Command = {
  usage: "set KEY [FILE|-]",
  summary: "Store a file, or standard input, under a key",
  details: "A value has at most 64 MiB; cache put takes content of any size.\n--json prints {stored, size}.",
  options: {
    ttl: { type: "string", value: "TIME", help: "how long it is believed: 500ms, 10m, 7d; for ever unless given" },
  },
  positionals: [1, 2],
  run,
};
