import { checkOptions } from "@cache/core/adapter";
import { concat } from "@cache/core/bytes";
import { type SigningKey, VerifyingKey } from "@cache/core/keyring";
import { checkPublicKey } from "../ed25519/check-public-key.ts";
import { Reader } from "./fields.ts";
import { encodeScope, readScope, type Scope } from "./scope.ts";
import { signByRoot, verifyByRoot } from "./signed-by-root.ts";

/** A root's word that a key may sign. */
export interface Certificate {
  readonly key: VerifyingKey;
  readonly scope: Scope;
  /** Milliseconds since 1970 UTC. */
  readonly created: number;
  /** Milliseconds since 1970 UTC: from then on the key is unknown, and all that it signed. */
  readonly expires: number;
  /** Id of the root, 16 bytes. */
  readonly issuer: Uint8Array;
}

/** What a certificate is made of. Times are milliseconds since 1970 UTC. */
export interface NewCertificate {
  readonly root: SigningKey;
  readonly key: VerifyingKey;
  readonly scope: Scope;
  readonly expires: number;
  /** @defaultValue Date.now() */
  readonly created?: number | undefined;
}

/**
 * A certificate as text, `cachet1.certificate.…` (format, "Certificates"): no secret, to be kept wherever readers find it.
 * @throws CacheError `ERR_CACHE_KEY_FORMAT` for an unsound key, `ERR_CACHE_FORMAT` for a name or a time out of bounds
 */
export async function issueCertificate(certificate: NewCertificate): Promise<string> {
  checkOptions("issueCertificate", certificate, ["root", "key", "scope", "expires", "created"]);
  const { root, key, scope, expires, created = Date.now() } = certificate;
  if (root?.type !== "ed25519-secret") throw new TypeError("the root is a SigningKey");
  if (key?.type !== "ed25519-public") throw new TypeError("what is certified is a public key");
  checkPublicKey(key.bytes);
  const payload = concat(key.bytes, encodeScope(scope));
  return signByRoot(root, { kind: "certificate", payload, created, expires, sequence: 0 });
}

/**
 * What a certificate of one of the roots says, whether or not it is of today.
 * @throws CacheError `ERR_CACHE_FORMAT`, `ERR_CACHE_UNKNOWN_KEY` for none of the roots', `ERR_CACHE_AUTH`, `ERR_CACHE_KEY_FORMAT`
 */
export async function readCertificate(text: string, roots: readonly VerifyingKey[]): Promise<Certificate> {
  const { payload, created, expires, issuer } = await verifyByRoot("certificate", text, roots);
  const from = new Reader(payload);
  const key = VerifyingKey.import(from.take(32));
  checkPublicKey(key.bytes);
  const scope = readScope(from);
  from.end();
  return { key, scope, created, expires, issuer };
}
