import { CacheError } from "@cache/core";
import type { MonotonicStore } from "@cache/core/adapter";
import { toHex } from "@cache/core/bytes";
import type { VerifyingKey } from "@cache/core/keyring";
import { CLOCK_SKEW } from "@cache/core/record";
import { type Certificate, readCertificate } from "./certificate.ts";
import { newestRevocations } from "./newest-revocations.ts";
import { type Revocations, readRevocations } from "./revocations.ts";
import type { Scope } from "./scope.ts";
import { requireNewest } from "./seen.ts";

/** Whom to believe, as text and keys. */
export interface ChainParts {
  readonly roots: readonly VerifyingKey[];
  readonly certificates: readonly string[];
  readonly revocations: readonly string[];
  readonly seen: MonotonicStore | undefined;
}

/** How a key stands at a moment: what it may sign, or why nothing. */
export type Standing = readonly Scope[] | "unknown-key" | "revoked-key";

interface Times {
  readonly created: number;
  readonly expires: number;
}

const isOfThisTime = ({ created, expires }: Times, now: number): boolean =>
  created <= now + CLOCK_SKEW && now < expires;

/** Certificates and revocations whose signatures hold; whether their times do is asked again for each use. */
export class Chain {
  readonly #certificates: readonly Certificate[];
  /** The newest of each root, by its id. */
  readonly #lists: ReadonlyMap<string, Revocations>;
  readonly #revoked: ReadonlySet<string>;

  private constructor(certificates: readonly Certificate[], lists: ReadonlyMap<string, Revocations>) {
    this.#certificates = certificates;
    this.#lists = lists;
    this.#revoked = new Set([...lists.values()].flatMap(({ revoked }) => revoked.map(toHex)));
  }

  /** @throws CacheError for any part that cannot be believed: a configured source is never left out without a word */
  static async open({ roots, certificates, revocations, seen }: ChainParts, now: number): Promise<Chain> {
    const read = await Promise.all(certificates.map((text) => readCertificate(text, roots)));
    const lists = newestRevocations(await Promise.all(revocations.map((text) => readRevocations(text, roots))));
    for (const list of lists.values()) requireOfThisTime(list, now);
    if (seen !== undefined) for (const root of roots) await requireNewest(seen, root, lists.get(toHex(root.id)));
    return new Chain(read, lists);
  }

  /** The keys that have a certificate, each once. */
  get keys(): readonly VerifyingKey[] {
    return [...new Map(this.#certificates.map(({ key }) => [toHex(key.id), key])).values()];
  }

  standing(keyId: Uint8Array, now: number): Standing {
    const id = toHex(keyId);
    if (this.#revoked.has(id)) return "revoked-key";
    const valid = this.#certificates.filter(
      (each) => toHex(each.key.id) === id && isOfThisTime(each, now) && this.#isCurrent(each, now),
    );
    return valid.length === 0 ? "unknown-key" : valid.map(({ scope }) => scope);
  }

  /** Who has lists has a newest one. When its time is over nobody can say which keys are revoked. */
  #isCurrent({ issuer }: Certificate, now: number): boolean {
    const list = this.#lists.get(toHex(issuer));
    return list === undefined || isOfThisTime(list, now);
  }
}

function requireOfThisTime(list: Revocations, now: number): void {
  if (isOfThisTime(list, now)) return;
  if (now >= list.expires) throw new CacheError("ERR_CACHE_EXPIRED", "the list of revocations has expired");
  throw new CacheError("ERR_CACHE_NOT_YET_VALID", "the list of revocations was made in the future");
}
