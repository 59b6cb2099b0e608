import { fromHex } from "../bytes/hex.ts";
import { pae } from "../bytes/pae.ts";
import { fromUtf8, utf8 } from "../bytes/text.ts";
import { unpae } from "../bytes/unpae.ts";
import { isCacheError } from "../errors.ts";
import type { SealContext, Sealer } from "../ports/sealer.ts";
import type { CallOptions, DeleteOptions, Name, PutOptions, Store } from "../ports/store.ts";
import { isYoung } from "../units/ages.ts";

/**
 * Sealed names say nothing, and a sealed thing opens only under the key it was stored under. So beside each there is a
 * small sealed note, under the same digits, that holds its namespace and key: with it a key holder can list, verify,
 * clear and collect; without the keys there is nothing to see.
 */

const LABEL = "cache/v1/catalog";
/** Largest note a reader takes: the longest namespace and key, and their seal, with room. A longer one is damaged. */
const NOTE_LIMIT = 32_768;
/** Users' namespaces have no control characters, so this one is the cache's own. */
const NAMESPACE = "\u0000catalog";

const contextOf = (name: Name): SealContext => ({ namespace: NAMESPACE, kind: "entries", key: utf8(name) });

/** The name of the note about a sealed thing. */
export function noteName(name: Name): Name {
  return `notes/${digitsOf(name)}`;
}

/** Bytes that the note about a sealed thing takes; 0 where there is none. */
export async function noteSize({ store }: Pick<Noting, "store">, name: Name, options?: CallOptions): Promise<number> {
  return (await store.stat(noteName(name), options))?.size ?? 0;
}

/** What a note may be about. */
export function notedNames(note: Name): readonly Name[] {
  return [`entries/${digitsOf(note)}`, `blobs/${digitsOf(note)}`];
}

/** What a note is about, if that is there. */
export async function notedThing(
  { store }: Pick<Noting, "store">,
  note: Name,
  options?: CallOptions,
): Promise<Name | undefined> {
  for (const name of notedNames(note)) {
    if ((await store.stat(name, options)) !== undefined) return name;
  }
  return undefined;
}

const digitsOf = (name: Name): string => name.slice(name.indexOf("/") + 1);

/** What notes are kept with. */
interface Noting {
  readonly store: Store;
  readonly seal?: Sealer | undefined;
  readonly now: () => number;
}

/**
 * Leaves a note about a sealed thing, after the thing itself was stored. A note that is young enough is left, so that
 * a second write of the same key costs one look. Nothing to do where nothing is sealed.
 */
export async function leaveNote(
  { store, seal, now }: Noting,
  name: Name,
  { namespace, kind, key }: SealContext,
  options?: PutOptions,
): Promise<void> {
  if (seal === undefined) return;
  const note = noteName(name);
  const stat = await store.stat(note, options);
  if (stat !== undefined && stat.size <= NOTE_LIMIT && isYoung(stat.modified, now())) return;
  const content = pae(LABEL, namespace, kind, key);
  const sealed = seal.seal(contextOf(name), content, { created: now(), expires: 0, sequence: 0 });
  await store.put(note, sealed, options);
}

/**
 * Deletes a thing and its note. The note goes first: who stores the thing again meanwhile looks for the note after that,
 * and does not find one that is about to go.
 */
async function deleteNoted(
  { store, seal }: Pick<Noting, "store" | "seal">,
  name: Name,
  options?: DeleteOptions,
): Promise<void> {
  if (seal !== undefined) await store.delete(noteName(name), options);
  await store.delete(name, options);
}

/**
 * Deletes a thing under all of its names, the primary's last: whoever seals it again meanwhile has put it there by then, or
 * finds the older name gone. Then the others again: to whoever seals it another key may be the primary.
 * @param names - the primary's first
 */
export async function deleteAllNoted(
  noting: Pick<Noting, "store" | "seal">,
  names: readonly Name[],
  options?: CallOptions,
): Promise<void> {
  for (const name of names.toReversed()) await deleteNoted(noting, name, options);
  for (const name of names.slice(1)) await deleteNoted(noting, name, options);
}

/**
 * As {@link deleteNoted}, unless the thing was put again since it had this version; then it keeps a note.
 * @returns whether it is gone
 */
export async function deleteNotedVersion(
  noting: Noting,
  name: Name,
  context: SealContext,
  version: string,
  options?: CallOptions,
): Promise<boolean> {
  await noting.store.delete(noteName(name), options);
  await noting.store.delete(name, { ...options, ifVersion: version });
  if ((await noting.store.stat(name, options)) === undefined) return true;
  await leaveNote(noting, name, context, options);
  return false;
}

/**
 * What a note says that `name` is bound to; `undefined` when there is no note that these keys can read.
 * A damaged note is as good as none: it names nothing, and the thing itself is untouched.
 */
export async function readNote(
  { store, seal }: { readonly store: Store; readonly seal: Sealer },
  name: Name,
  options?: CallOptions,
): Promise<SealContext | undefined> {
  const sealed = await store.get(noteName(name), { ...options, limit: NOTE_LIMIT }).catch(absentWhenTooLong);
  return sealed && openNote(seal, name, sealed);
}

function absentWhenTooLong(error: unknown): undefined {
  if (!isCacheError(error, "ERR_CACHE_LIMIT")) throw error;
}

function openNote(seal: Sealer, name: Name, sealed: Uint8Array): SealContext | undefined {
  try {
    const opened = seal.open(contextOf(name), sealed);
    const pieces = opened.verdict === "opened" ? unpae(opened.content) : undefined;
    const [label, namespace, kind, key] = pieces ?? [];
    if (label === undefined || namespace === undefined || kind === undefined || key === undefined) return undefined;
    if (fromUtf8(label) !== LABEL) return undefined;
    return { namespace: fromUtf8(namespace), kind: fromUtf8(kind) as SealContext["kind"], key };
  } catch {
    return undefined;
  }
}

/** The 32 bytes of a stored name. */
export function nameBytes(name: Name): Uint8Array {
  return fromHex(name.slice(name.indexOf("/") + 1)) as Uint8Array;
}
