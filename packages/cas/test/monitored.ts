import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Name } from "@cache/core";
import { afterEach } from "vitest";
import { type FileStore, fileStore } from "../src/index.ts";
import { type Alert, type Monitor, type MonitorOptions, monitorStore } from "../src/monitor/index.ts";
import { fileOf, newDirectory } from "./directories.ts";

const opened: Monitor[] = [];
afterEach(async () => {
  for (const monitor of opened.splice(0)) await monitor.close();
});

/** Alerts as they come, and a way to wait for one. */
export class Alerts {
  readonly all: Alert[] = [];
  #waiting: (() => void)[] = [];

  readonly listener = (alert: Alert): void => {
    this.all.push(alert);
    for (const look of this.#waiting) look();
  };

  /** The first alert of a type, of a path that ends so. */
  async first<T extends Alert["type"]>(type: T, end = ""): Promise<Extract<Alert, { type: T }>> {
    for (;;) {
      const found = this.all.find((alert) => alert.type === type && alert.path.endsWith(end));
      if (found !== undefined) return found as Extract<Alert, { type: T }>;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Types and paths of all. */
  rows(): string[] {
    return this.all.map(({ type, path }) => `${type} ${path}`);
  }
}

export interface Monitored {
  readonly directory: string;
  readonly store: FileStore;
  readonly alerts: Alerts;
  readonly monitor: Monitor;
}

/** A store with some values and a monitor, closed after the test. */
export async function monitored(
  values: readonly string[] = [],
  options: Partial<MonitorOptions> = {},
  store: FileStore = fileStore(newDirectory()),
): Promise<Monitored> {
  for (const value of values) await store.put(contentName(value), contentOf(value));
  const alerts = new Alerts();
  const monitor = await monitorStore({ store, interval: "1h", onAlert: alerts.listener, ...options });
  opened.push(monitor);
  return { directory: store.directory, store, alerts, monitor };
}

/** Content of an unsealed cache: a word and its name. */
export const contentOf = (word: string): Uint8Array => new TextEncoder().encode(`content ${word}`);
export const contentName = (word: string): Name =>
  `blobs/${createHash("sha256").update(contentOf(word)).digest("hex")}`;

/** Where it lies, below the directory. */
export function pathOfName(name: Name): string {
  const [kind, hex] = name.split("/") as [string, string];
  return `v1/${kind}/${hex.slice(0, 2)}/${hex}`;
}

/** Writes a file as another program does, past the store. */
export function writeFile(directory: string, name: Name, bytes: Uint8Array | string): string {
  const path = fileOf(directory, name);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, bytes, { mode: 0o600 });
  return path;
}
