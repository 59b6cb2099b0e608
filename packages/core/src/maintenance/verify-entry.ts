import { type Loading, loadEntry } from "../cache/entries.ts";
import type { Settings } from "../cache/options.ts";
import { setAside } from "../cache/set-aside.ts";
import { refusalOf } from "../cache/verdicts.ts";
import { formOf } from "../content/content.ts";
import type { CallOptions, Name } from "../ports/store.ts";
import type { NameLocks } from "../wrappers/name-locks.ts";
import { hasNeeded } from "./needed-content.ts";
import { FOREIGN_CODE, ownerOf } from "./owner.ts";
import { type Scanned, scanEntry } from "./scan.ts";
import type { Elsewhere, Look, Tally } from "./tally.ts";

/** One run of verification. */
export interface Verification {
  readonly settings: Settings;
  readonly tally: Tally;
  /** Our own things that no note was read of. */
  readonly unnoted: Set<Name>;
  /** Names of content that an entry claims and that was found sound. */
  readonly claimed: Set<Name>;
  /** Entries that name one content wait for one another. */
  readonly locks: NameLocks;
  /** When it began: what was put since may belong to an entry that was put since. */
  readonly began: number;
  readonly call: CallOptions;
}

/** Looks at one entry, and at the content that it claims. */
export async function verifyEntry(verification: Verification, scanned: Scanned): Promise<void> {
  const { settings, tally, call } = verification;
  const { listed, entry, refusal } = scanned;
  if (entry === undefined && refusal === undefined) {
    if (await belongsHere(verification, listed.name)) {
      verification.unnoted.add(listed.name);
      tally.orphaned();
    }
    return;
  }
  let found: Scanned | undefined = scanned;
  const look = async () => {
    // A second look is at what lies there by then, which may be another's entry.
    const seen = found ?? (await scanEntry(settings, listed, call));
    found = undefined;
    return scannedHolds(verification, seen);
  };
  await tally.check({ ...settings, namespace: entry?.namespace ?? settings.namespace }, listed.name, look, call);
}

async function scannedHolds(verification: Verification, { listed, entry, refusal, stored }: Scanned): ReturnType<Look> {
  if (refusal !== undefined) throw refusal;
  if (entry === undefined) return undefined;
  const at = { ...verification.settings, namespace: entry.namespace };
  return entryHolds(verification, at, listed.name, entry.key, { ...verification.call, stored });
}

/** Whether a thing is ours to judge; what is not is counted. */
export async function belongsHere({ settings, tally, call }: Verification, name: Name): Promise<boolean> {
  const owner = await ownerOf(settings, name, call);
  if (owner !== undefined && owner !== "ours") tally.foreign(name, FOREIGN_CODE[owner]);
  return owner === "ours";
}

/**
 * A sealed entry's content has no note of its own, so it is verified here, once however many entries name it. Unsealed
 * content is verified where it is listed; here it only has to be there.
 */
async function entryHolds(
  verification: Verification,
  settings: Settings,
  name: Name,
  key: Uint8Array,
  loading: Loading,
): Promise<"ok" | "missing" | Elsewhere | undefined> {
  const { call, locks } = verification;
  const record = await loadEntry(settings, name, key, loading);
  if (record === undefined) return undefined;
  if (!(await hasNeeded(settings, record.statement, call))) return "missing";
  if (record.payload !== undefined) return "ok";
  const { digest } = record.statement;
  for (const content of formOf(settings).names(digest)) {
    // One entry after the other of those that name it, so that it is read and counted once.
    const found = await locks.change(content, () => claimedContent(verification, settings, content, digest));
    if (found !== undefined) return found;
  }
  return "missing";
}

/** Whether the content that an entry claims holds; `undefined` when it is not there. */
async function claimedContent(
  { claimed, call }: Verification,
  settings: Settings,
  name: Name,
  digest: Uint8Array,
): Promise<"ok" | Elsewhere | undefined> {
  if (claimed.has(name)) return "ok";
  if ((await settings.store.stat(name, call)) === undefined) return undefined;
  const problem = settings.seal === undefined ? undefined : await contentProblem(settings, name, digest, call);
  if (problem !== undefined) return problem;
  // Only what was found sound: damaged content is looked at again for every entry that names it.
  claimed.add(name);
  return "ok";
}

/** What is wrong with sealed content. It is set aside where it lies; the entry that names it holds, and stays. */
async function contentProblem(
  settings: Settings,
  name: Name,
  digest: Uint8Array,
  options: CallOptions,
): Promise<Elsewhere | undefined> {
  const look = async () => readThrough(await formOf(settings).open(name, digest, options));
  try {
    await look();
    return undefined;
  } catch (error) {
    const refusal = refusalOf(error);
    const healed = await setAside(settings, name, refusal, look, options);
    return healed === undefined ? { name, refusal } : undefined;
  }
}

/** Reads content to its end; that is the verification. */
export async function readThrough(pieces: AsyncIterable<Uint8Array> | undefined): Promise<"ok" | undefined> {
  if (pieces === undefined) return undefined;
  for await (const _ of pieces);
  return "ok";
}
