import { CacheError, type Sealer, type Signer } from "@cache/core";
import type { Keyring, SigningKey, VerifyingKey } from "@cache/core/keyring";
import type { Invocation } from "./command.ts";
import type { TrustConfig } from "./config/config.ts";
import type { LoadedConfig } from "./config/load.ts";
import { keyringFileOptions, loadKeyring } from "./keyring-source.ts";

/** What a cache is protected with. */
export interface Protection {
  readonly seal?: Sealer | undefined;
  readonly sign?: Signer | undefined;
  /** In words, for people. */
  readonly described: string;
  /** What its seal is made with. Its primary chains the audit log. */
  readonly keyring?: Keyring | undefined;
}

/**
 * Whether a keyring says whose signatures are believed. A revoked key says so too: without that, revoking the last one
 * would leave whoever holds the master key believed.
 */
const namesSigners = (keyring: Keyring | undefined): keyring is Keyring =>
  keyring?.entries.some(({ type }) => type !== "master") === true;

interface Signatures {
  readonly identity: SigningKey | undefined;
  readonly trusted: readonly VerifyingKey[];
}

/** Every Ed25519 key of a keyring is believed that is not revoked; its primary signs. */
function signaturesOf(keyring: Keyring): Signatures {
  const trusted = keyring.entries.flatMap(({ key }) => {
    if (key?.type === "ed25519-secret") return [key.publicKey];
    return key?.type === "ed25519-public" ? [key] : [];
  });
  return { identity: keyring.primarySigner, trusted };
}

async function configuredSignatures(
  invocation: Invocation,
  { trusted, identityFile }: TrustConfig,
): Promise<Signatures> {
  const { parseKey } = await import("@cache/core/keyring");
  const keys = trusted.map((text) => {
    const key = parseKey(text);
    if (key.type !== "ed25519-public")
      throw new CacheError("ERR_CACHE_KEY_TYPE", "only public keys are trusted in a configuration");
    return key;
  });
  if (identityFile === undefined) return { identity: undefined, trusted: keys };
  const { readKeyringFile } = await import("@cache/core/keyring-file");
  const identity = (await readKeyringFile(identityFile, await keyringFileOptions(invocation, identityFile)))
    .primarySigner;
  if (identity === undefined) throw new CacheError("ERR_CACHE_KEY_TYPE", "the identity file has no Ed25519 secret key");
  return { identity, trusted: keys };
}

async function signerOf(signatures: Signatures): Promise<Signer> {
  const { ed25519Signer } = await import("./signers/ed25519.ts");
  return ed25519Signer(signatures);
}

const asymmetric = ({ identity }: Signatures): string =>
  identity === undefined ? "verified with Ed25519, read-only" : "signed with Ed25519";

/**
 * Seal and signer of the configured keys: master keys seal; Ed25519 keys sign, or else the master does with HMAC.
 * No keys: integrity only.
 */
export async function protectionOf(invocation: Invocation, config: LoadedConfig): Promise<Protection> {
  const keyring = await loadKeyring(invocation, config);
  const own = namesSigners(keyring) ? signaturesOf(keyring) : undefined;
  const configured = config.sign && (await configuredSignatures(invocation, config.sign));
  if (configured !== undefined && own !== undefined) {
    throw new CacheError(
      "ERR_CACHE_CONFIG",
      'the configuration\'s "sign" and its keyring both say whose signatures are believed',
    );
  }
  const signatures = configured ?? own;
  if (keyring === undefined || keyring.masters.length === 0) {
    const believable = configured !== undefined || (own !== undefined && own.trusted.length > 0);
    if (signatures !== undefined && believable)
      return { sign: await signerOf(signatures), described: asymmetric(signatures) };
    if (keyring !== undefined) throw new CacheError("ERR_CACHE_KEY_TYPE", "the keyring has no key that can be used");
    return { described: "integrity only: no keys are configured" };
  }
  const { sealer } = await import("@cache/crypto-envelope");
  const seal = sealer(keyring);
  if (signatures !== undefined)
    return { seal, sign: await signerOf(signatures), keyring, described: `sealed, ${asymmetric(signatures)}` };
  const { hmacSigner } = await import("./signers/hmac.ts");
  return { seal, sign: hmacSigner(keyring), keyring, described: "sealed, signed with HMAC-SHA-256" };
}
