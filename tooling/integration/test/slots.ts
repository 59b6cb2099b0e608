import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileStore } from "@cache/cas";
import { type CacheOptions, createCache, type Sealer, type Signer, type Store } from "@cache/core";
import { Keyring, MasterKey, SigningKey } from "@cache/core/keyring";
import { sealer } from "@cache/crypto-envelope";
import { memoryStore } from "@cache/memory";
import { ed25519Signer, hmacSigner } from "@cache/signer";
import { onTestFinished } from "vitest";

const master: MasterKey = MasterKey.generate();
const identity: SigningKey = SigningKey.generate();
const keyring = Keyring.of(master);

/** A private directory for one test. */
export function directory(): string {
  const path = mkdtempSync(join(tmpdir(), "cache-integration-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

export const stores: Readonly<Record<string, () => Store>> = {
  file: () => fileStore(join(directory(), "store")),
  memory: () => memoryStore({ maxBytes: 64_000_000 }),
};

type Slots = { readonly seal?: Sealer; readonly sign?: Signer };

/** Every combination of the slots that change bytes. */
export const slots: Readonly<Record<string, () => Slots>> = {
  plain: () => ({}),
  "signed with HMAC": () => ({ sign: hmacSigner(keyring) }),
  "signed with Ed25519": () => ({ sign: ed25519Signer({ identity }) }),
  sealed: () => ({ seal: sealer(keyring) }),
  "sealed and signed": () => ({ seal: sealer(keyring), sign: ed25519Signer({ identity }) }),
};

/** The same slots as somebody without the keys would fill them. */
export const strangers: typeof slots = {
  plain: () => ({}),
  "signed with HMAC": () => ({ sign: hmacSigner(Keyring.of(MasterKey.generate())) }),
  "signed with Ed25519": () => ({ sign: ed25519Signer({ identity: SigningKey.generate() }) }),
  sealed: () => ({ seal: sealer(Keyring.of(MasterKey.generate())) }),
  "sealed and signed": () => ({
    seal: sealer(Keyring.of(MasterKey.generate())),
    sign: ed25519Signer({ identity: SigningKey.generate() }),
  }),
};

export const cacheOver = (store: Store, slot: Slots, more: Partial<CacheOptions> = {}) =>
  createCache({ store, ...slot, namespace: "builds", ...more });

/** The methods of a store on an object of their own, to be replaced one by one. */
export function bound(store: Store): Store {
  return {
    get: (...args) => store.get(...args),
    open: (...args) => store.open(...args),
    put: (...args) => store.put(...args),
    putStream: (...args) => store.putStream(...args),
    stat: (...args) => store.stat(...args),
    delete: (...args) => store.delete(...args),
    list: (...args) => store.list(...args),
  };
}

/** A moment that a test has come, or waits for. */
export function moment(): { readonly came: Promise<void>; readonly come: () => void } {
  let come = (): void => {};
  const came = new Promise<void>((resolve) => {
    come = resolve;
  });
  return { came, come: () => come() };
}
