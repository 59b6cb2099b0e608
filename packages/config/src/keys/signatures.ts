import type { Signer } from "@cache/core";
import type { Keyring, SigningKey, VerifyingKey } from "@cache/core/keyring";
import type { TrustConfig } from "../config.ts";
import { type KeyFields, type KeySources, signPlace } from "./sources.ts";

/** Whose Ed25519 signatures are believed, and who signs. */
export interface Signatures {
  readonly identity: SigningKey | undefined;
  readonly trusted: readonly VerifyingKey[] | Keyring;
}

/**
 * Whether a keyring says whose signatures are believed. A revoked key says so too: without that, revoking the last one
 * would leave whoever holds the master key believed.
 */
export function namesSigners(keyring: Keyring | undefined): keyring is Keyring {
  return keyring?.entries.some(({ type }) => type !== "master") === true;
}

/** Whether one of those that it names is believed still: of a revoked key no more is left than its id. */
export function believesSigners(keyring: Keyring | undefined): boolean {
  return keyring?.entries.some(({ type, key }) => type !== "master" && key !== undefined) === true;
}

/** Every Ed25519 key of a keyring is believed that is not revoked; its primary signs. What a revoked one signed is known for that. */
export function signaturesOf(keyring: Keyring): Signatures {
  return { identity: keyring.primarySigner, trusted: keyring };
}

/** As `sign` of a configuration says. @throws CacheError for keys of other types */
export async function configuredSignatures(
  { trusted, identityFile }: TrustConfig,
  fields: KeyFields,
  sources: KeySources,
): Promise<Signatures> {
  const { identityIn, publicKeys } = await import("./named-keys.ts");
  const keys = publicKeys(trusted, signPlace(fields, "trusted"));
  if (identityFile === undefined) return { identity: undefined, trusted: keys };
  return { identity: await identityIn(identityFile, signPlace(fields, "identityFile"), sources), trusted: keys };
}

export async function signerOf(signatures: Signatures): Promise<Signer> {
  const { ed25519Signer } = await import("./signers/ed25519.ts");
  return ed25519Signer(signatures);
}

/** In words, for people. */
export function described({ identity }: Signatures): string {
  return identity === undefined ? "verified with Ed25519, read-only" : "signed with Ed25519";
}
