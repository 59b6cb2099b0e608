import { type CacheError, isCacheError } from "../errors.ts";
import type { CallOptions, Name } from "../ports/store.ts";
import { kindOf, shortId } from "./names.ts";
import type { Settings } from "./options.ts";
import { mayQuarantine } from "./verdicts.ts";
import { mayWrite } from "./writing.ts";

/**
 * Milliseconds before each further look at an entry that is older than one that was seen. Of two writers that meet, one
 * finds that the other was newer and writes again, a moment later; only who puts old bytes back leaves them there.
 */
const WRITERS_MEET: readonly number[] = [0, 2, 8, 32, 128];
const ONCE: readonly number[] = [0];

/**
 * Sets bytes aside if they are damaged, and not merely another's, and were not healed meanwhile; where nothing may be written
 * they stay where they are.
 *
 * The version is taken before the look, so a put that lands after it changes the version and the store leaves the new
 * bytes alone: quarantine never undoes a finished put.
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
  let judged = "";
  for (const pause of refusal.code === "ERR_CACHE_ROLLBACK" ? WRITERS_MEET : ONCE) {
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    const seen = await settings.store.stat(name, options);
    if (seen === undefined) return undefined;
    judged = seen.version;
    try {
      return await verify();
    } catch (error) {
      if (!isCacheError(error) || !mayQuarantine(error)) return undefined;
    }
  }
  if (mayWrite(settings)) await quarantine(settings, name, refusal, judged, options);
  return undefined;
}

async function quarantine(
  settings: Settings,
  name: Name,
  refusal: CacheError,
  version: string,
  options?: CallOptions,
): Promise<void> {
  const { store, namespace, emit, now } = settings;
  const plane = kindOf(name);
  const event = { namespace, plane, id: shortId(name), time: now() } as const;
  try {
    await store.delete(name, { ...options, ifVersion: version, quarantine: true });
    // What was put meanwhile stays, and whoever put it has dealt with what was here.
    if ((await store.stat(name, options)) !== undefined) return;
    emit({ type: "quarantined", level: "security", code: refusal.code, ...event });
  } catch {
    // A medium that cannot move the bytes leaves them where they are, refused as before; the reader has its answer.
    emit({ type: "write-failed", level: "warning", code: "ERR_CACHE_STORE", ...event });
  }
}
