import { CacheError, type Signer } from "@cache/core";
import { toHex } from "@cache/core/bytes";
import type { KeyEntry, Keyring, SigningKey } from "@cache/core/keyring";
import { chainSigner, readCertificate, readRevocations } from "@cache/signer/chain";
import type { ChainConfig } from "../config.ts";
import { listMemory } from "./list-memory.ts";
import { identityIn, publicKeys } from "./named-keys.ts";
import { type KeyFields, type KeySources, rootsPlace, signPlace } from "./sources.ts";
import { trustTexts } from "./trust-texts.ts";

async function identityOf(
  { identityFile }: ChainConfig,
  keyring: Keyring | undefined,
  fields: KeyFields,
  sources: KeySources,
): Promise<SigningKey | undefined> {
  const own = keyring?.primarySigner;
  if (identityFile === undefined) return own;
  if (own !== undefined)
    throw new CacheError("ERR_CACHE_CONFIG", 'the configuration\'s "identityFile" and its keyring both say who signs');
  return identityIn(identityFile, signPlace(fields, "identityFile"), sources);
}

/** Whom the keyring revoked is not believed, whatever a root says. */
function without(revoked: readonly KeyEntry[], signer: Signer): Signer {
  const ids = new Set(revoked.map(({ id }) => toHex(id)));
  if (ids.size === 0) return signer;
  return {
    identity: signer.identity,
    sign: (message) => signer.sign(message),
    verify: async (header, message, proof) =>
      ids.has(toHex(header.keyId)) ? { verdict: "revoked-key" } : signer.verify(header, message, proof),
  };
}

/**
 * Signs with the identity of the configuration or the keyring, and believes whom the roots certified.
 * @throws CacheError for each part that cannot be believed, with its file; `ERR_CACHE_CONFIG` for a keyring with public keys
 */
export async function configuredChain(
  config: ChainConfig,
  keyring: Keyring | undefined,
  fields: KeyFields,
  sources: KeySources,
): Promise<Signer> {
  const signers = keyring?.entries.filter(({ type }) => type !== "master") ?? [];
  if (signers.some(({ key }) => key?.type === "ed25519-public"))
    throw new CacheError(
      "ERR_CACHE_CONFIG",
      "roots say whose signatures are believed, and so do the keyring's public keys",
    );
  const seen = await listMemory(config, sources);
  const roots = publicKeys(config.roots, rootsPlace(fields, sources));
  const signer = await chainSigner({
    identity: await identityOf(config, keyring, fields, sources),
    roots,
    certificates: await trustTexts(config.certificates, (text) => readCertificate(text, roots)),
    revocations: await trustTexts(config.revocations ?? [], (text) => readRevocations(text, roots)),
    seen,
    now: sources.now,
  });
  return without(
    signers.filter(({ key }) => key === undefined),
    signer,
  );
}
