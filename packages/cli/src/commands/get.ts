import type { Lookup } from "@cache/core";
import { keyArgument } from "../arguments.ts";
import type { Command, Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { note, write, writeJson } from "../output.ts";
import type { OutputPath } from "../output-file.ts";
import { openSession, whyOff } from "../session.ts";

async function publish(path: OutputPath, value: Uint8Array): Promise<void> {
  const { publishOutput } = await import("../output-file.ts");
  await publishOutput(path, [value]);
}

async function answer(found: Lookup<Uint8Array>, json: boolean, path: OutputPath | undefined): Promise<number> {
  if (found.state === "rejected") {
    if (json) await writeJson({ state: "rejected", code: found.code });
    throw found.error;
  }
  if (found.state !== "hit") {
    if (json) await writeJson({ state: found.state });
    return EXIT.miss;
  }
  const { value, ...rest } = found;
  if (path !== undefined) await publish(path, value);
  if (json) await writeJson(path === undefined ? { ...rest, value: Buffer.from(value).toString("base64") } : rest);
  else if (path === undefined) await write(value);
  return EXIT.ok;
}

async function run(invocation: Invocation): Promise<number> {
  const { given } = invocation;
  const key = keyArgument(given.positionals[0]);
  const out = given.text("output");
  const path = out === undefined ? undefined : await (await import("../output-file.ts")).outputPath(out);
  const off = await whyOff(invocation);
  if (off !== undefined) {
    note(`${off}: a miss`);
    return answer({ state: "miss" }, given.flag("json"), path);
  }
  const { cache } = await openSession(invocation);
  return answer(await cache.lookup(key), given.flag("json"), path);
}

/** `cache get`. */
export const command: Command = {
  usage: "get KEY [-o FILE]",
  summary: "Write the value of a key to standard output",
  details: `Only a verified value is written. A miss prints nothing and exits with 1; an entry that is there and not to be
believed exits with 3. With -o the file appears whole or not at all.
--json prints one document: state, and for a hit value (base64), trust, size, created, expires, sequence, writer, signedBy, digest.`,
  options: { output: { type: "string", short: "o", value: "FILE", help: "write to a file instead" } },
  positionals: [1, 1],
  run,
};
