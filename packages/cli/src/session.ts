import { type FileStore, type FileStoreOptions, fileStore } from "@cache/cas";
import { bytesCodec, type Cache, createCache, type EventListener } from "@cache/core";
import type { Invocation } from "./command.ts";
import { directoryOf } from "./config/directory.ts";
import { configOf, type LoadedConfig } from "./config/load.ts";
import { note } from "./output.ts";
import { type Protection, protectionOf } from "./trust.ts";

export { directoryOf } from "./config/directory.ts";
export { configOf } from "./config/load.ts";
export { whyOff } from "./config/off.ts";

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

/** Whom a command believes, what it calls things and who hears of it, for whatever it works on. */
export interface Context extends Pick<Session, "protection" | "config" | "namespace" | "onEvent"> {
  /** Of the cache. Getting it throws a UsageError for a cache that ends with the command. */
  readonly directory: string;
}

/** What the command line, the environment and the configuration describe, in this order. Touches no store. */
export async function contextOf(invocation: Invocation): Promise<Context> {
  const config = await configOf(invocation);
  const protection = await protectionOf(invocation, config);
  const namespace = invocation.given.text("namespace") ?? config.namespace ?? "";
  const onEvent = await listenerOf(config, protection);
  return {
    config,
    protection,
    namespace,
    onEvent,
    get directory() {
      return directoryOf(invocation, config);
    },
  };
}

/** The cache that the command line, the environment and the configuration describe, in this order. Touches no store yet. */
export async function openSession(
  invocation: Invocation,
  { durable }: Pick<FileStoreOptions, "durable"> = {},
): Promise<Session> {
  const { directory, ...context } = await contextOf(invocation);
  const { config, protection, namespace, onEvent } = context;
  const maxBytes = invocation.given.text("max-bytes") ?? config.maxBytes;
  const store = fileStore(directory, { maxBytes, durable });
  const { seal, sign } = protection;
  const ttl = config.ttl;
  const cache = createCache({ store, seal, sign, namespace, ttl, codec: bytesCodec, strict: true, onEvent });
  return { ...context, cache, store };
}

const lost = (): void => note("the audit log could not be written, and lacks an event");

async function listenerOf(config: LoadedConfig, { keyring }: Protection): Promise<EventListener | undefined> {
  if (config.auditFile === undefined) return undefined;
  const { auditFile } = await import("./audit.ts");
  return (await auditFile(config.auditFile, keyring, lost)).listener;
}
