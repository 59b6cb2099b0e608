import { type CacheErrorCode, isCacheError } from "@cache/core";
import { type Answer, isForeign, loadReference, refusalOf } from "./contents.ts";
import type { Settings } from "./options.ts";
import { type LoadReference, openVersion } from "./rebuild.ts";
import type { VersionRecord } from "./record.ts";

/** How much is kept of how much. Sizes are those of the bytes before they are sealed. */
export interface DeltaStats {
  readonly versions: number;
  /** Versions that are kept as a delta; the others are whole. */
  readonly deltas: number;
  /** Whole contents that deltas are made to. */
  readonly references: number;
  /** Bytes of all versions. */
  readonly bytesGiven: number;
  /** Bytes of what they are kept as; what several need counts once. */
  readonly bytesKept: number;
  /** `bytesKept` by `bytesGiven`; 1 when nothing was given. */
  readonly ratio: number;
}

/** A version that could not be rebuilt. */
export interface DeltaProblem {
  readonly name: string;
  /** `lost`: something it needs is gone. `rejected`: it is not to be believed. `unreadable`: this store cannot tell. */
  readonly type: "lost" | "rejected" | "unreadable";
  /** Why, unless it is lost. */
  readonly code?: CacheErrorCode | undefined;
}

/** What a verification found. */
export interface DeltaReport {
  /** Versions that were rebuilt and are what they were. */
  readonly ok: number;
  readonly lost: number;
  readonly rejected: number;
  readonly unreadable: number;
  /** At most a thousand are listed, all are counted. */
  readonly problems: readonly DeltaProblem[];
}

const MOST_PROBLEMS = 1000;

/** The records of the versions whose names begin with the prefix; those that do not hold are not among them. */
export async function* recordsIn(
  { versions }: Settings,
  prefix: string,
  signal?: AbortSignal,
): AsyncGenerator<readonly [name: string, record: VersionRecord], void, undefined> {
  for await (const name of versions.keys({ signal })) {
    if (!name.startsWith(prefix)) continue;
    const found = await versions.lookup(name, { signal });
    if (found.state === "hit") yield [name, found.value];
  }
}

/** Adds up records. */
export async function statsOf(settings: Settings, signal?: AbortSignal): Promise<DeltaStats> {
  const kept = new Map<string, number>();
  const references = new Set<string>();
  let [versions, deltas, bytesGiven] = [0, 0, 0];
  for await (const [, { digest, size, delta }] of recordsIn(settings, "", signal)) {
    versions += 1;
    bytesGiven += size;
    for (const each of delta === undefined ? [{ digest, size }] : [delta, delta.reference])
      kept.set(each.digest, each.size);
    if (delta === undefined) continue;
    deltas += 1;
    references.add(delta.reference.digest);
  }
  const bytesKept = [...kept.values()].reduce((sum, size) => sum + size, 0);
  const ratio = bytesGiven === 0 ? 1 : bytesKept / bytesGiven;
  return { versions, deltas, references: references.size, bytesGiven, bytesKept, ratio };
}

/** Rebuilds every version; what other keys signed is not looked at. */
export async function verifyVersions(settings: Settings, signal?: AbortSignal): Promise<DeltaReport> {
  const records = new Map<string, VersionRecord>();
  const findings = new Findings();
  for await (const name of settings.versions.keys({ signal })) {
    const found = await settings.versions.lookup(name, { signal });
    if (found.state === "hit") records.set(name, found.value);
    else if (found.state === "rejected" && !isForeign(found.code))
      findings.add(name, { type: "rejected", code: found.code });
  }
  const load = lastReference();
  // Versions of one reference one after the other, so that it is read once.
  const order = [...records].sort(([, a], [, b]) => compare(referenceOf(a), referenceOf(b)));
  for (const [name, record] of order) {
    signal?.throwIfAborted();
    findings.add(name, await outcomeOf(settings, record, load, signal));
  }
  return findings.report();
}

/** Adds up what became of versions. */
class Findings {
  readonly #counts = { ok: 0, lost: 0, rejected: 0, unreadable: 0 };
  readonly #problems: DeltaProblem[] = [];

  add(name: string, { type, code }: Outcome): void {
    this.#counts[type] += 1;
    if (type !== "ok" && this.#problems.length < MOST_PROBLEMS) this.#problems.push({ name, type, code });
  }

  report(): DeltaReport {
    return { ...this.#counts, problems: this.#problems };
  }
}

const referenceOf = ({ delta }: VersionRecord): string => delta?.reference.digest ?? "";
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Holds the reference that was asked for last. */
function lastReference(): LoadReference {
  let last: { readonly digest: string; readonly answer: Answer<Uint8Array> } | undefined;
  return async (settings, reference, signal) => {
    if (last?.digest !== reference.digest) {
      last = undefined;
      last = { digest: reference.digest, answer: await loadReference(settings, reference, signal) };
    }
    return last.answer;
  };
}

interface Outcome {
  readonly type: DeltaProblem["type"] | "ok";
  readonly code?: CacheErrorCode | undefined;
}

async function outcomeOf(
  settings: Settings,
  record: VersionRecord,
  load: LoadReference,
  signal?: AbortSignal,
): Promise<Outcome> {
  try {
    const opened = await openVersion(settings, record, signal, load);
    if (opened.found === undefined) {
      const code = opened.refusal?.code;
      return code === undefined ? { type: "lost" } : { type: "rejected", code };
    }
    for await (const _ of opened.found);
    return { type: "ok" };
  } catch (error) {
    if (isCacheError(error, "ERR_CACHE_ENGINE") || isCacheError(error, "ERR_CACHE_LIMIT"))
      return { type: "unreadable", code: error.code };
    return { type: "rejected", code: refusalOf(error).code };
  }
}
