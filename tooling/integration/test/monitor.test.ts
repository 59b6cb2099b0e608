import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileStore } from "@cache/cas";
import { type Alert, type MonitorOptions, monitorStore } from "@cache/cas/monitor";
import { type CacheEvent, createCache } from "@cache/core";
import { SigningKey } from "@cache/core/keyring";
import { ed25519Signer } from "@cache/signer";
import { describe, expect, it, onTestFinished } from "vitest";
import { cacheOver, directory, slots, strangers } from "./slots.ts";

const LARGE = "v".repeat(80_000);

/** A store as some process with the keys left it: an entry, an entry with content of its own, and content by digest. */
async function written(slot: (typeof slots)[string]): Promise<string> {
  const root = join(directory(), "store");
  const cache = cacheOver(fileStore(root), slot());
  await cache.set("small", 1);
  await cache.set("large", LARGE);
  await cache.blobs.put(new Uint8Array(30_000).fill(5));
  return root;
}

/** A monitor whose scans alone find things, so that the tests say when. */
async function watching(root: string, options: Partial<MonitorOptions>) {
  const alerts: Alert[] = [];
  const onAlert = (alert: Alert): void => {
    alerts.push(alert);
  };
  const monitor = await monitorStore({ store: fileStore(root), watch: false, onAlert, ...options });
  onTestFinished(() => monitor.close());
  return { alerts, monitor };
}

/** Every file of values, below the directory. */
const valuesIn = (root: string, kinds: readonly string[] = ["blobs", "entries", "notes"]): string[] =>
  kinds.flatMap((kind) =>
    readdirSync(join(root, "v1", kind), { recursive: true, encoding: "utf8" })
      .map((path) => join("v1", kind, path))
      .filter((path) => statSync(join(root, path)).isFile())
      .sort(),
  );

function flip(path: string): void {
  const bytes = readFileSync(path);
  const at = bytes.byteLength >> 1;
  bytes[at] = (bytes[at] as number) ^ 1;
  writeFileSync(path, bytes);
}

const quarantineOf = (root: string): string[] => readdirSync(join(root, "v1", "quarantine"));

for (const [name, slot] of Object.entries(slots)) {
  describe(`a monitor of a ${name} cache`, () => {
    it("tells what another holder of the keys wrote as written, all of it", async () => {
      const origin = await written(slot);
      const root = join(directory(), "store");
      const { alerts, monitor } = await watching(root, slot());
      cpSync(origin, root, { recursive: true, preserveTimestamps: true });
      await monitor.scan();
      const rows = alerts.map(({ type, path }) => `${type} ${path}`);
      expect(rows.sort()).toEqual(valuesIn(origin).map((path) => `written ${path}`));
    });

    it("tells a flipped bit of anything as damage of just that, sets it aside, and a put heals it", async () => {
      const root = await written(slot);
      const { alerts, monitor } = await watching(root, { ...slot(), quarantine: true });
      const events: CacheEvent[] = [];
      for (const path of valuesIn(root)) {
        const good = readFileSync(join(root, path));
        flip(join(root, path));
        await monitor.scan();
        expect(alerts.splice(0)).toMatchObject([{ type: "damaged", path, quarantined: true }]);
        expect(existsSync(join(root, path))).toBe(false);
        writeFileSync(join(root, path), good, { mode: 0o600 });
        await monitor.scan();
        // Sealed content tells nothing by itself: what comes alone waits for an entry until the next scan.
        await monitor.scan();
        expect(alerts.splice(0)).toMatchObject([{ type: "written", path, replaced: false }]);
      }
      expect(await cacheOver(fileStore(root), slot(), { onEvent: (event) => events.push(event) }).get("large")).toBe(
        LARGE,
      );
      expect(events.filter(({ level }) => level !== "info")).toEqual([]);
    });

    if (name === "plain") return;

    it("M45: with other keys nothing that was written or damaged is set aside, and all of it is told as unverified", async () => {
      const root = await written(slot);
      const { alerts, monitor } = await watching(root, { ...strangers[name]?.(), quarantine: true });
      const before = valuesIn(root);
      cpSync(await written(slot), root, { recursive: true });
      for (const path of valuesIn(root, ["entries", "notes"])) flip(join(root, path));
      await monitor.scan();
      await monitor.scan();
      expect(valuesIn(root)).toEqual(expect.arrayContaining(before));
      expect(quarantineOf(root)).toEqual([]);
      const types = alerts.filter(({ path }) => !path.startsWith("v1/blobs/")).map(({ type }) => type);
      expect(new Set(types)).toEqual(new Set(["unverified"]));
    });
  });
}

describe("a monitor of a sealed cache", () => {
  it("tells of content that nothing names once it is sure of that, as no alarm, and leaves it", async () => {
    const slot = slots.sealed as (typeof slots)[string];
    const origin = await written(slot);
    const root = join(directory(), "store");
    const { alerts, monitor } = await watching(root, { ...slot(), quarantine: true });
    cpSync(origin, root, { recursive: true });
    for (const kind of ["entries", "notes"]) rmSync(join(root, "v1", kind), { recursive: true });
    await monitor.scan();
    expect(alerts).toEqual([]);
    await monitor.scan();
    await monitor.scan();
    const unverified = valuesIn(root, ["blobs"]).map((path) => ({ type: "unverified", level: "info", path }));
    expect(unverified).toHaveLength(2);
    expect(alerts.sort((one, other) => (one.path < other.path ? -1 : 1))).toMatchObject(unverified);
  });
});

describe("a monitor of a signed cache", () => {
  it("that only verifies tells damage and moves nothing", async () => {
    const identity = SigningKey.generate();
    const root = join(directory(), "store");
    await createCache({ store: fileStore(root), sign: ed25519Signer({ identity }) }).set("a", 1);
    const sign = ed25519Signer({ trusted: [identity.publicKey] });
    const { alerts, monitor } = await watching(root, { sign, quarantine: true });
    const [path] = valuesIn(root) as [string];
    flip(join(root, path));
    writeFileSync(join(root, "v1", "entries", "extra"), "", { mode: 0o600 });
    await monitor.scan();
    expect(alerts).toHaveLength(2);
    expect(alerts).toMatchObject(alerts.map(() => ({ level: "security", quarantined: false })));
    expect(quarantineOf(root)).toEqual([]);
  });
});
