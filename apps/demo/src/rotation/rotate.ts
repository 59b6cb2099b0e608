import type { CacheEvent } from "@cache/core";
import type { Keyring } from "@cache/core/keyring";
import { openCache } from "../caches.ts";
import { runCensus } from "../census.ts";
import type { RotationRecord } from "../evidence.ts";
import type { SourceFile } from "../files.ts";
import { stagesFrom } from "./keyrings.ts";
import { stepsOf } from "./steps.ts";

/**
 * Rotates both keys of a cache of its own. Every step runs the program over all the files; its output must be the same
 * each time.
 */
export async function rotate(
  directory: string,
  before: Keyring,
  files: readonly SourceFile[],
): Promise<RotationRecord[]> {
  const records: RotationRecord[] = [];
  let identity: string | undefined;
  for (const { step, explanation, keyring, hits, proofs } of stepsOf(directory, stagesFrom(before), files)) {
    const events: CacheEvent[] = [];
    const cache = openCache(directory, keyring, { onEvent: (event) => void events.push(event) });
    const run = await runCensus(step, cache, files);
    identity ??= run.identity;
    records.push({
      ...{ step, explanation, hits: run.hits, computed: run.computed },
      proofs: [
        { claim: `${hits} of ${files.length} files are hits`, holds: run.hits === hits },
        { claim: "the output is the same bytes", holds: run.identity === identity },
        ...(await proofs(events)),
      ],
    });
  }
  return records;
}
