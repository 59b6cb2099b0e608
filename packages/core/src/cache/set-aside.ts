import { type CacheError, isCacheError } from "../errors.ts";
import type { CallOptions, Name } from "../ports/store.ts";
import { shortId } from "./names.ts";
import type { Settings } from "./options.ts";
import { mayQuarantine } from "./verdicts.ts";

/**
 * Sets damaged bytes aside unless they were healed meanwhile.
 *
 * The version is taken before the second look, so a put that lands after it changes the version and the store leaves
 * the new bytes alone: quarantine never undoes a finished put.
 * @param verify - looks again; resolves with what it found when the bytes are sound by now, rejects when they are not
 * @returns what `verify` found, or `undefined` when the bytes really are damaged
 */
export async function setAside<T>(
  settings: Settings,
  name: Name,
  refusal: CacheError,
  verify: () => Promise<T | undefined>,
  options?: CallOptions,
): Promise<T | undefined> {
  if (!mayQuarantine(refusal)) return undefined;
  const seen = await settings.store.stat(name, options);
  if (seen === undefined) return undefined;
  try {
    return await verify();
  } catch (error) {
    if (!isCacheError(error) || !mayQuarantine(error)) return undefined;
    return await quarantine(settings, name, refusal, seen.version, options);
  }
}

async function quarantine(
  settings: Settings,
  name: Name,
  refusal: CacheError,
  version: string,
  options?: CallOptions,
): Promise<undefined> {
  const { store, namespace, emit, now } = settings;
  const plane = name.startsWith("blobs/") ? "blobs" : "entries";
  const event = { namespace, plane, id: shortId(name), time: now() } as const;
  try {
    await store.delete(name, { ...options, ifVersion: version, quarantine: true });
    emit({ type: "quarantined", level: "security", code: refusal.code, ...event });
  } catch {
    // A medium that cannot move the bytes leaves them where they are, refused as before; the reader has its answer.
    emit({ type: "write-failed", level: "warning", code: "ERR_CACHE_STORE", ...event });
  }
  return undefined;
}
