import type { TemplateClient, TemplateRow } from "../src/index.ts";

/**
 * Stands for the service: one map, on the other side of a wire. Start the real one here if the tests can have it;
 * a stand-in shows only what its author believes of the service.
 */
export interface Service {
  readonly values: Map<string, { bytes: Uint8Array; row: TemplateRow }>;
  sets: number;
}

/** An empty service. */
export function startService(): Service {
  return { values: new Map(), sets: 0 };
}

/** A client of a service, as an application hands it to the store. */
export function connect(service: Service): TemplateClient {
  const { values } = service;
  return {
    async get(key, { start, end }) {
      await wire();
      return values.get(key)?.bytes.slice(start, end);
    },
    async head(key) {
      await wire();
      return values.get(key)?.row;
    },
    async set(key, value, { ifAbsent }) {
      await wire();
      if (ifAbsent && values.has(key)) return false;
      const row = { key, size: value.length, modified: Date.now(), version: String(++service.sets) };
      values.set(key, { bytes: value.slice(), row });
      return true;
    },
    async delete(key, { ifVersion }) {
      await wire();
      if (ifVersion === undefined || values.get(key)?.row.version === ifVersion) values.delete(key);
    },
    async *list(prefix) {
      await wire();
      for (const { row } of [...values.values()]) if (row.key.startsWith(prefix)) yield row;
    },
  };
}

/** A client whose service does not answer. */
export function disconnected(): TemplateClient {
  const fail = () => Promise.reject(new Error("connection refused"));
  return {
    get: fail,
    head: fail,
    set: fail,
    delete: fail,
    // biome-ignore lint/correctness/useYield: it fails before there is anything to yield
    async *list() {
      await fail();
    },
  };
}

/** Others get a turn before an answer comes, as over a network. */
function wire(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
