import { CacheError, type Sealer, type Signer } from "@cache/core";
import type { Keyring } from "@cache/core/keyring";
import { isChain } from "../chain-config.ts";
import type { CacheConfig } from "../config.ts";
import {
  believesSigners,
  configuredSignatures,
  described,
  namesSigners,
  type Signatures,
  signaturesOf,
  signerOf,
} from "./signatures.ts";
import { believedBy, configuredKeyring, type KeyFields, type KeySources } from "./sources.ts";

/** What a cache is protected with. */
export interface Protection {
  readonly seal?: Sealer | undefined;
  readonly sign?: Signer | undefined;
  /** In words, for people. */
  readonly described: string;
  /** What its seal is made with. Its primary chains the audit log. */
  readonly keyring?: Keyring | undefined;
}

/** What sealing and signing with one keyring gives. */
export async function sealedAndSigned(keyring: Keyring): Promise<Protection> {
  const [{ sealer }, { hmacSigner }] = [await import("@cache/crypto-envelope"), await import("./signers/hmac.ts")];
  return {
    seal: sealer(keyring),
    sign: hmacSigner(keyring),
    keyring,
    described: "sealed, signed with HMAC-SHA-256",
  };
}

/** A signer, and the seal of the keyring if it has a key for one. */
async function signedBy(sign: Signer, words: string, keyring: Keyring | undefined): Promise<Protection> {
  if (keyring === undefined || keyring.masters.length === 0) return { sign, described: words };
  const { sealer } = await import("@cache/crypto-envelope");
  return { seal: sealer(keyring), sign, keyring, described: `sealed, ${words}` };
}

async function protectionOf(fields: KeyFields, sources: KeySources): Promise<Protection> {
  const keyring = await configuredKeyring(fields, sources);
  const sign = believedBy(fields, sources);
  if (sign !== undefined && isChain(sign)) {
    const { configuredChain } = await import("./chain.ts");
    const signer = await configuredChain(sign, keyring, fields, sources);
    const does = signer.identity === undefined ? "verified" : "signed";
    return signedBy(signer, `${does} with Ed25519 by certificates${signer.identity ? "" : ", read-only"}`, keyring);
  }
  return protectionByKeys(keyring, sign && (await configuredSignatures(sign, fields, sources)));
}

async function protectionByKeys(keyring: Keyring | undefined, configured: Signatures | undefined): Promise<Protection> {
  const own = namesSigners(keyring) ? signaturesOf(keyring) : undefined;
  if (configured !== undefined && own !== undefined) {
    throw new CacheError(
      "ERR_CACHE_CONFIG",
      'the configuration\'s "sign" and its keyring both say whose signatures are believed',
    );
  }
  const signatures = configured ?? own;
  if (keyring === undefined || keyring.masters.length === 0) {
    const believable = configured !== undefined || believesSigners(keyring);
    if (signatures !== undefined && believable)
      return { sign: await signerOf(signatures), described: described(signatures) };
    if (keyring !== undefined) throw new CacheError("ERR_CACHE_KEY_TYPE", "the keyring has no key that can be used");
    return { described: "integrity only: no keys are configured" };
  }
  if (signatures === undefined) return sealedAndSigned(keyring);
  return signedBy(await signerOf(signatures), described(signatures), keyring);
}

/** @throws CacheError `ERR_CACHE_CONFIG` when a configuration demands what the keys do not give */
function checkDemands(
  { require = [], sources }: KeyFields & Pick<CacheConfig, "require">,
  protection: Protection,
): void {
  const missing = require.filter((demand) => protection[demand] === undefined);
  if (missing.length === 0) return;
  const [what] = missing;
  const source = sources?.[`require.${what}`];
  throw new CacheError(
    "ERR_CACHE_CONFIG",
    `the configuration requires "${what}"${source === undefined ? "" : ` (${source})`}, and no key that was given can ${what}; it is ${protection.described}`,
  );
}

/**
 * Seal and signer of the configured keys: master keys seal; Ed25519 keys sign, or else the master does with HMAC.
 * Where roots say who is believed, an Ed25519 key of the keyring signs within its certificate. No keys: integrity only.
 * @throws CacheError for keys that cannot be used, and when the configuration requires what they do not give
 */
export async function configuredProtection(
  config: KeyFields & Pick<CacheConfig, "require">,
  sources: KeySources = {},
): Promise<Protection> {
  const protection = await protectionOf(config, sources);
  checkDemands(config, protection);
  return protection;
}
