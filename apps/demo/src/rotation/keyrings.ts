import { addKey, type Keyring, MasterKey, promoteKey, retireKey, revokeKey, SigningKey } from "@cache/core/keyring";

/** A sealing key and a signing key. */
export interface KeyPair {
  readonly master: MasterKey;
  readonly signer: SigningKey;
}

/** A keyring at each stage of a rotation, every one a generation or two after the one before. */
export interface Stages {
  readonly old: KeyPair;
  readonly fresh: KeyPair;
  readonly before: Keyring;
  readonly added: Keyring;
  readonly promoted: Keyring;
  readonly retired: Keyring;
  readonly revoked: Keyring;
}

const each = (keyring: Keyring, { master, signer }: KeyPair, change: typeof promoteKey): Keyring =>
  change(change(keyring, master.id), signer.id);

/** Takes both keys of a keyring through a rotation. */
export function stagesFrom(before: Keyring): Stages {
  const { primary, primarySigner } = before;
  if (primary === undefined || primarySigner === undefined) throw new TypeError("the keyring has no keys to rotate");
  const old = { master: primary, signer: primarySigner };
  const fresh = { master: MasterKey.generate(), signer: SigningKey.generate() };
  const added = addKey(addKey(before, fresh.master), fresh.signer);
  const promoted = each(added, fresh, promoteKey);
  const retired = each(promoted, old, retireKey);
  return { old, fresh, before, added, promoted, retired, revoked: each(retired, old, revokeKey) };
}
