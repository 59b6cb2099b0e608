import { defaultCacheDirectory, type FileStore, type FileStoreOptions, fileStore } from "@cache/cas";
import { bytesCodec, type Cache, createCache, type EventListener } from "@cache/core";
import type { Invocation } from "./command.ts";
import { type LoadedConfig, loadConfig } from "./config/load.ts";
import { type Protection, protectionOf } from "./trust.ts";
import { UsageError } from "./usage-error.ts";

/** Everything a command works with. */
export interface Session {
  readonly cache: Cache<Uint8Array>;
  readonly store: FileStore;
  readonly protection: Protection;
  readonly config: LoadedConfig;
  readonly namespace: string;
  /** Of the audit log, if there is one. */
  readonly onEvent: EventListener | undefined;
}

/** The configuration in use. */
export function configOf({ given }: Invocation): Promise<LoadedConfig> {
  const named = given.text("config");
  if (named !== undefined && given.flag("no-config"))
    throw new UsageError("--config and --no-config contradict each other");
  return loadConfig(named, !given.flag("no-config"));
}

/** Where the cache is. @throws UsageError */
export function directoryOf({ given, environment }: Invocation, config: LoadedConfig): string {
  const directory = given.text("dir") ?? environment.dir ?? config.dir ?? defaultCacheDirectory("cache");
  if (directory === "")
    throw new UsageError("the directory of the cache is set to nothing", "check --dir and CACHE_DIR");
  return directory;
}

/** Whom a command believes, what it calls things and who hears of it, for whatever it works on. */
export interface Reader extends Pick<Session, "protection" | "config" | "namespace" | "onEvent"> {
  /** Of the cache. */
  readonly directory: string;
}

/** What the command line, the environment and the configuration describe, in this order. Touches no store. */
export async function openReader(invocation: Invocation): Promise<Reader> {
  const config = await configOf(invocation);
  const protection = await protectionOf(invocation, config);
  const directory = directoryOf(invocation, config);
  const namespace = invocation.given.text("namespace") ?? config.namespace ?? "";
  return { config, protection, directory, namespace, onEvent: await listenerOf(config, protection) };
}

/** The cache that the command line, the environment and the configuration describe, in this order. Touches no store yet. */
export async function openSession(
  invocation: Invocation,
  { durable }: Pick<FileStoreOptions, "durable"> = {},
): Promise<Session> {
  const { directory, ...reader } = await openReader(invocation);
  const { config, protection, namespace, onEvent } = reader;
  const maxBytes = invocation.given.text("max-bytes") ?? config.maxBytes;
  const store = fileStore(directory, { maxBytes, durable });
  const { seal, sign } = protection;
  const ttl = config.ttl;
  const cache = createCache({ store, seal, sign, namespace, ttl, codec: bytesCodec, strict: true, onEvent });
  return { ...reader, cache, store };
}

async function listenerOf({ auditFile }: LoadedConfig, { keyring }: Protection): Promise<EventListener | undefined> {
  if (auditFile === undefined) return undefined;
  return (await import("./audit.ts")).auditListener(auditFile, keyring);
}

/** Whether `CACHE_OFF` is set: reads miss and writes are dropped. */
export function isOff({ environment: { off } }: Invocation): boolean {
  if (off === undefined || off === "" || off === "0") return false;
  if (off === "1") return true;
  throw new UsageError("CACHE_OFF is 1, 0 or not set");
}
