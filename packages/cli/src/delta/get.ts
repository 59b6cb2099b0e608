import type { DeltaLookup } from "@cache/delta";
import { EXIT } from "../exit-codes.ts";
import { write, writeJson } from "../output.ts";
import { outputPath, publishOutput } from "../output-file.ts";
import { counted } from "../progress.ts";
import { UsageError } from "../usage-error.ts";
import type { Desk } from "./desk.ts";

/** `cache delta get`. */
export async function getVersion({ given, deltas }: Desk, name: string): Promise<number> {
  const path = await outputPath(given.text("output"));
  const json = given.flag("json");
  if (json && path === undefined) throw new UsageError("a version is not printed as JSON", "give -o FILE");
  const found: DeltaLookup<unknown> = path === undefined ? await deltas.lookup(name) : await deltas.open(name);
  if (found.state === "hit") {
    // The output appears only when the iteration has ended cleanly, which is the verification.
    if (path === undefined) await write(found.value as Uint8Array);
    else await publishOutput(path, counted("rebuilding", found.value as AsyncIterable<Uint8Array>));
  }
  if (json) await writeJson(answerOf(found));
  if (found.state === "rejected") throw found.error;
  return found.state === "hit" ? EXIT.ok : EXIT.miss;
}

function answerOf(found: DeltaLookup<unknown>): object {
  if (found.state === "hit") return { state: found.state, ...found.version };
  return found.state === "rejected" ? { state: found.state, code: found.code } : { state: found.state };
}
