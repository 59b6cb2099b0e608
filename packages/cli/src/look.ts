import { bytesCodec, type Cache, type CacheEvent, createCache, type EventListener } from "@cache/core";
import type { Store } from "@cache/core/adapter";
import { listEntries, storeStats } from "@cache/core/maintenance";
import type { Invocation } from "./command.ts";
import { EXIT } from "./exit-codes.ts";
import { note } from "./output.ts";
import { mentionAbsence, mentionUntold } from "./remarks.ts";
import { openSession, type Session } from "./session.ts";

/** A store that sets nothing aside: who only looks leaves damage where whoever reads it meets it. */
const leaving = (store: Store): Store => ({
  get: (name, options) => store.get(name, options),
  open: (name, options) => store.open(name, options),
  put: (name, bytes, options) => store.put(name, bytes, options),
  putStream: (draft, options) => store.putStream(draft, options),
  stat: (name, options) => store.stat(name, options),
  delete: async (name, options) => (options?.quarantine === true ? undefined : store.delete(name, options)),
  list: (kind, options) => store.list(kind, options),
});

/** The cache of a session for somebody who only looks. */
function lookingCache(session: Session, onEvent?: EventListener): Cache<Uint8Array> {
  const { protection, namespace, store } = session;
  const { seal, sign } = protection;
  return createCache({ store: leaving(store), seal, sign, namespace, codec: bytesCodec, strict: true, onEvent });
}

/** Signed by others, who are no matter of damage. */
const FOREIGN = ["ERR_CACHE_UNKNOWN_KEY", "ERR_CACHE_REVOKED_KEY"];
/** How many things that are not believed are named. */
const MOST_NAMED = 20;

/** A session that hears what of the things it looks at is not believed. */
export class Look {
  readonly session: Session;
  /** Sets nothing aside. */
  readonly cache: Cache<Uint8Array>;
  #foreign = 0;
  readonly #refused: string[] = [];

  private constructor(session: Session) {
    this.session = session;
    this.cache = lookingCache(session, (event) => {
      this.#hear(event);
      return session.onEvent?.(event);
    });
  }

  static async open(invocation: Invocation): Promise<Look> {
    const session = await openSession(invocation);
    mentionAbsence(session.store);
    return new Look(session);
  }

  #hear({ type, code, plane, id }: CacheEvent): void {
    if (type !== "rejected" || code === undefined) return;
    if (FOREIGN.includes(code)) this.#foreign += 1;
    else this.#refused.push(`${plane}/${id}… is not believed (${code})`);
  }

  /** Says what is there and was not shown, and answers the exit code. */
  async conclude(): Promise<number> {
    for (const each of this.#refused.slice(0, MOST_NAMED)) note(each);
    const { length } = this.#refused;
    if (length > 0) note(`what is not believed is left where it is: ${length} in all; cache verify finds all damage`);
    await this.mentionOthers();
    return length > 0 ? EXIT.rejected : EXIT.ok;
  }

  /** Says what is there of others: silence would look like an empty cache. */
  async mentionOthers(): Promise<void> {
    if (this.#foreign > 0) note(`${this.#foreign} are signed by keys that are not believed here`);
    await mentionSealed(this.session);
  }
}

async function mentionSealed({ store, protection: { seal, sign } }: Session): Promise<void> {
  let told = 0;
  for await (const _ of listEntries({ store, seal, sign })) told += 1;
  mentionUntold((await storeStats({ store })).entries.count - told, seal !== undefined);
}

/**
 * Removes keys of a namespace, and says which were not there: what other keys sealed lies under names of its own.
 * @param name - of the namespace below the session's
 */
export async function removeFrom(session: Session, name: string, keys: readonly string[]): Promise<void> {
  const [looking, own] = [lookingCache(session).namespace(name), session.cache.namespace(name)];
  let missing = 0;
  for (const key of keys) {
    const { state } = await looking.lookup(key);
    if (state === "miss") {
      missing += 1;
      note(`nothing is kept under ${key}`);
    }
    await own.delete(key);
  }
  if (missing > 0) await mentionSealed(session);
}
