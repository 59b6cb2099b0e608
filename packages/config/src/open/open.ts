import { ephemeralStore, fileStore } from "@cache/cas";
import { type Cache, type CacheOptions, createCache, type EventListener, type Store } from "@cache/core";
import { Keyring, MasterKey } from "@cache/core/keyring";
import type { KeyringFileOptions } from "@cache/core/keyring-file";
import { memoryStore } from "@cache/memory";
import { chainFromEnvironment } from "../keys/chain-variables.ts";
import { configuredProtection, type Protection, sealedAndSigned } from "../keys/protection.ts";
import { type KeySources, namesKeys } from "../keys/sources.ts";
import { type LoadConfigOptions, loadConfig } from "../load.ts";
import { type AuditFile, auditFile } from "./audit.ts";
import { isSet, type SelectedCache, selectCache } from "./select.ts";
import { voidStore } from "./void-store.ts";

/** Room of a cache in memory whose configuration names none. */
const MEMORY = "64MB";

/** How a configured cache is opened: where its configuration is looked for, and what only a program can say. */
export interface OpenCacheOptions<V = unknown>
  extends LoadConfigOptions,
    KeyringFileOptions,
    Omit<CacheOptions<V>, "store" | "seal" | "sign"> {}

/** What a cache is made of. */
interface Parts extends Pick<Protection, "seal" | "sign" | "keyring"> {
  readonly store: Store;
}

async function protectedParts(selected: SelectedCache, sources: KeySources): Promise<Parts> {
  const { dir, maxBytes, place } = selected;
  if (place === "directory" && dir !== undefined)
    return { ...(await configuredProtection(selected, sources)), store: fileStore(dir, { maxBytes }) };
  const protection = namesKeys(selected, sources)
    ? await configuredProtection(selected, sources)
    : // Others may read the disk while the process runs; nobody else needs this key, and it ends with the process.
      await sealedAndSigned(Keyring.of(MasterKey.generate()));
  return { ...protection, store: await ephemeralStore() };
}

async function partsOf(selected: SelectedCache, sources: KeySources, off: boolean): Promise<Parts> {
  const { place, maxBytes = MEMORY } = selected;
  if (off || place === "void") return { store: voidStore() };
  if (place === "directory" || place === "ephemeral") return protectedParts(selected, sources);
  // What nobody else can reach needs no proof, so keys are not even read.
  return { store: memoryStore({ maxBytes }) };
}

/** A store whose end is also the end of the log about it. */
function ending(store: Store & Partial<AsyncDisposable>, log: AuditFile | undefined): Store {
  if (log === undefined) return store;
  return Object.assign(Object.create(store) as Store, {
    async [Symbol.asyncDispose](): Promise<void> {
      await store[Symbol.asyncDispose]?.();
      log.close();
    },
  });
}

function both(first: EventListener | undefined, second: EventListener | undefined): EventListener | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return (event) => {
    first(event);
    return second(event);
  };
}

const lost = (): void => {
  process.emitWarning("the audit log could not be written, and lacks an event", { code: "CACHE_AUDIT" });
};

/**
 * Opens a cache as the configuration describes it: the default one, or the one of a name; `memory` and `void` are always there.
 * Where nothing says where it lies it is in memory. The environment comes before the configuration: `CACHE_DIR` and
 * `CACHE_EPHEMERAL=1` for the default cache, `CACHE_KEYRING` and `CACHE_KEYRING_FILE` for its keys, `CACHE_ROOTS`, `CACHE_CERTIFICATES`,
 * `CACHE_REVOCATIONS` and `CACHE_REVOCATIONS_SEEN` for whom to believe, `CACHE_REQUIRE` for what the cache must have, `CACHE_OFF=1`.
 * @param options - of these `namespace` and `ttl` come before the configuration
 * @throws CacheError `ERR_CACHE_CONFIG`, `ERR_CACHE_UNTRUSTED`, `ERR_CACHE_UNSAFE_PATH`, and what key files are refused with
 */
export async function openCache<V = unknown>(
  name?: string | undefined,
  options: OpenCacheOptions<V> = {},
): Promise<Cache<V>> {
  const { file, search, cwd, environment = process.env, onRemark, onCode, permissions, protection, ...rest } = options;
  const config = await loadConfig({ file, search, cwd, environment, onRemark, onCode });
  const selected = selectCache(config, name, environment);
  const sources = {
    text: environment.CACHE_KEYRING,
    file: environment.CACHE_KEYRING_FILE,
    chain: chainFromEnvironment(environment),
    directory: selected.dir,
    now: rest.now,
    fileOptions: () => ({ permissions, protection }),
  };
  const off = isSet("CACHE_OFF", environment.CACHE_OFF) || selected.off === true;
  const { store, seal, sign, keyring } = await partsOf(selected, sources, off);
  const log = selected.auditFile === undefined ? undefined : await auditFile(selected.auditFile, keyring, lost);
  return createCache<V>({
    ...rest,
    store: ending(store, log),
    seal,
    sign,
    namespace: rest.namespace ?? selected.namespace,
    ttl: rest.ttl ?? selected.ttl,
    onEvent: both(log?.listener, rest.onEvent),
  });
}
