import { checkOptions } from "@cache/core/adapter";
import type { SigningKey, VerifyingKey } from "@cache/core/keyring";
import { encodeIds, Reader, readIds } from "./fields.ts";
import { signByRoot, verifyByRoot } from "./signed-by-root.ts";

/** Most ids of a list. */
const MOST = 4096;

/** Keys that a root no longer stands for. */
export interface Revocations {
  /** Grows with each list of the root, so that an older one is told from a newer one. */
  readonly number: number;
  /** Ids of 16 bytes. */
  readonly revoked: readonly Uint8Array[];
  /** Milliseconds since 1970 UTC. */
  readonly created: number;
  /** Milliseconds since 1970 UTC: from then on nothing that the root certified is believed until there is a newer list. */
  readonly expires: number;
  /** Id of the root, 16 bytes. */
  readonly issuer: Uint8Array;
  /** 32 bytes that tell lists of one number apart. */
  readonly digest: Uint8Array;
}

/** What a list is made of. Times are milliseconds since 1970 UTC. */
export interface NewRevocations {
  readonly root: SigningKey;
  /** From 1 on, above that of the list before. */
  readonly number: number;
  /** Ids of 16 bytes, at most 4096, all that were ever revoked and whose certificates have not ended; none is a list, too. */
  readonly revoked: readonly Uint8Array[];
  /** Soon: who holds back the next list holds it back until then. */
  readonly expires: number;
  /** @defaultValue Date.now() */
  readonly created?: number | undefined;
}

/**
 * A list as text, `cachet1.revocations.…` (format, "Certificates").
 * @throws CacheError `ERR_CACHE_FORMAT` for an id that is named twice or a time out of bounds
 */
export async function issueRevocations(list: NewRevocations): Promise<string> {
  checkOptions("issueRevocations", list, ["root", "number", "revoked", "expires", "created"]);
  const { root, number, revoked, expires, created = Date.now() } = list;
  if (root?.type !== "ed25519-secret") throw new TypeError("the root is a SigningKey");
  if (!Number.isSafeInteger(number) || number < 1) throw new TypeError("a list has a number from 1 on");
  const areIds = Array.isArray(revoked) && revoked.every((id) => id instanceof Uint8Array && id.byteLength === 16);
  if (!areIds || revoked.length > MOST) throw new TypeError(`revoked lists at most ${MOST} ids of 16 bytes`);
  return signByRoot(root, { kind: "revocations", payload: encodeIds(revoked), created, expires, sequence: number });
}

/**
 * What a list of one of the roots says, whether or not it is of today.
 * @throws CacheError `ERR_CACHE_FORMAT`, `ERR_CACHE_UNKNOWN_KEY` for none of the roots', `ERR_CACHE_AUTH`
 */
export async function readRevocations(text: string, roots: readonly VerifyingKey[]): Promise<Revocations> {
  const { payload, sequence, ...rest } = await verifyByRoot("revocations", text, roots);
  const from = new Reader(payload);
  const revoked = readIds(from, MOST);
  from.end();
  const { created, expires, issuer, digest } = rest;
  return { number: sequence, revoked, created, expires, issuer, digest };
}
