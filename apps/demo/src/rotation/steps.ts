import type { CacheEvent } from "@cache/core";
import type { Keyring } from "@cache/core/keyring";
import { openCache } from "../caches.ts";
import { censusOf } from "../census.ts";
import type { Proof } from "../evidence.ts";
import type { SourceFile } from "../files.ts";
import type { KeyPair, Stages } from "./keyrings.ts";
import { isMadeBy } from "./made-by.ts";

/** One step of a rotation: the program runs with this keyring, and then this must hold. */
export interface Step {
  readonly step: string;
  readonly explanation: string;
  readonly keyring: Keyring;
  /** Hits that the run must have. */
  readonly hits: number;
  /** What else must hold, given the events of the run. */
  readonly proofs: (events: readonly CacheEvent[]) => Promise<readonly Proof[]>;
}

/**
 * Add, promote, retire, revoke. The first file's entry is renewed on the way, so that one entry outlives the old keys;
 * the others are left as they are, and the second stands for them.
 */
export function stepsOf(directory: string, stages: Stages, files: readonly SourceFile[]): readonly Step[] {
  const { old, fresh, before, added, promoted, retired, revoked } = stages;
  const [renewed, untouched] = files as readonly [SourceFile, SourceFile];
  const all = files.length;
  const by = async (claim: string, keyring: Keyring, file: SourceFile, keys: KeyPair): Promise<Proof> => ({
    claim,
    holds: await isMadeBy(directory, keyring, file, keys),
  });
  const renew = (keyring: Keyring) => censusOf(openCache(directory, keyring)).analysis.refresh(renewed);
  return [
    {
      ...{ step: "fill", explanation: "one sealing key and one signing key", keyring: before, hits: 0 },
      proofs: async () => [await by("entries are sealed and signed by the old keys", before, untouched, old)],
    },
    {
      ...{ step: "add", explanation: "the new keys read and do not write yet", keyring: added, hits: all },
      async proofs() {
        await renew(added);
        return [await by("a new entry is still by the old keys", added, renewed, old)];
      },
    },
    {
      ...{ step: "promote", explanation: "the new keys write, the old ones read on", keyring: promoted, hits: all },
      async proofs() {
        await renew(promoted);
        return [
          await by("a new entry is by the new keys", promoted, renewed, fresh),
          await by("an old entry is still by the old keys", promoted, untouched, old),
        ];
      },
    },
    ...laterSteps(all, { retired, revoked }, (keyring) =>
      by("what was worked out again is by the new keys", keyring, untouched, fresh),
    ),
  ];
}

/** The old keys step back: first they only read, then they are not believed. */
function laterSteps(
  all: number,
  { retired, revoked }: Pick<Stages, "retired" | "revoked">,
  isRenewed: (keyring: Keyring) => Promise<Proof>,
): readonly Step[] {
  return [
    {
      ...{ step: "retire", explanation: "the old keys never write again; what they wrote is a hit", keyring: retired },
      hits: all,
      proofs: async (events) => [toldOfRetired(events, all - 1)],
    },
    {
      ...{ step: "revoke", explanation: "what the old keys wrote is a miss, not an error", keyring: revoked, hits: 1 },
      proofs: async () => [await isRenewed(revoked)],
    },
    {
      ...{ step: "afterwards", explanation: "the cache is warm under the new keys", keyring: revoked, hits: all },
      proofs: async (events) => [nothingAmiss(events)],
    },
  ];
}

function toldOfRetired(events: readonly CacheEvent[], expected: number): Proof {
  const told = events.filter(({ type }) => type === "retired-key").length;
  return { claim: "each read of an entry by a retired key is told in an event", holds: told === expected };
}

function nothingAmiss(events: readonly CacheEvent[]): Proof {
  return { claim: "no event says more than that it went well", holds: events.every(({ level }) => level === "info") };
}
