import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileStore } from "@cache/cas";
import { type CacheEvent, createCache } from "@cache/core";
import { Keyring, MasterKey, SigningKey } from "@cache/core/keyring";
import { collectGarbage, listEntries, storeStats, verifyStore } from "@cache/core/maintenance";
import { sealer } from "@cache/crypto-envelope";
import { ed25519Signer, hmacSigner } from "@cache/signer";
import { describe, expect, it } from "vitest";
import { cacheOver, directory, slots, strangers } from "./slots.ts";

/** Every stored file of a kind, sorted. */
function files(root: string, kind: "blobs" | "entries"): string[] {
  const base = join(root, "v1", kind);
  return readdirSync(base, { recursive: true, encoding: "utf8" })
    .map((path) => join(base, path))
    .filter((path) => statSync(path).isFile())
    .sort();
}

const snapshot = (root: string) =>
  (["blobs", "entries"] as const).flatMap((kind) => files(root, kind).map((path) => [path, readFileSync(path, "hex")]));

/** The file that holds the entry itself, not a note about it: the largest. */
const entryFile = (root: string): string =>
  files(root, "entries").sort((a, b) => statSync(b).size - statSync(a).size)[0] as string;

for (const [name, makeSlots] of Object.entries(slots)) {
  describe(`a ${name} cache on a hostile disk`, () => {
    const VALUE = "v".repeat(300);

    it("no flipped byte and no truncation of an entry gives another value", async () => {
      const root = join(directory(), "store");
      const cache = cacheOver(fileStore(root), makeSlots());
      await cache.set("a", VALUE);
      const path = entryFile(root);
      const good = readFileSync(path);
      const versions = [
        ...[...good.keys()].map((at) => Buffer.from(good.map((byte, i) => (i === at ? byte ^ (1 << (at % 8)) : byte)))),
        ...[...good.keys()].map((length) => good.subarray(0, length)),
        Buffer.concat([good, Buffer.of(0)]),
      ];
      for (const bytes of versions) {
        writeFileSync(path, bytes, { mode: 0o600 });
        expect(await cache.get("a")).toBeUndefined();
      }
      await cache.set("a", VALUE);
      expect(await cache.get("a")).toBe(VALUE);
    });

    it("damaged content is a miss, set aside, and healed by the next put", async () => {
      const root = join(directory(), "store");
      const events: CacheEvent[] = [];
      const cache = cacheOver(fileStore(root), makeSlots(), { onEvent: (event: CacheEvent) => events.push(event) });
      const bytes = new Uint8Array(50_000).fill(5);
      const digest = await cache.blobs.put(bytes);
      const [path] = files(root, "blobs") as [string];
      const damaged = readFileSync(path);
      damaged[30_000] = (damaged[30_000] as number) ^ 99;
      writeFileSync(path, damaged);
      expect(await cache.blobs.get(digest)).toBeUndefined();
      expect(events.filter(({ level }) => level === "security").map(({ type }) => type)).toEqual([
        "rejected",
        "quarantined",
      ]);
      expect(files(root, "blobs")).toEqual([]);
      await cache.blobs.put(bytes);
      expect(await cache.blobs.get(digest)).toEqual(bytes);
      writeFileSync(files(root, "blobs")[0] as string, damaged);
      await cache.blobs.put(bytes);
      expect(await cache.blobs.get(digest)).toEqual(bytes);
    });

    it("damaged content behind an entry is a miss, set aside, and healed by the next set", async () => {
      const root = join(directory(), "store");
      const cache = cacheOver(fileStore(root), makeSlots());
      await cache.set("a", "x".repeat(80_000));
      const [path] = files(root, "blobs") as [string];
      const bytes = readFileSync(path);
      for (const damaged of [Buffer.concat([bytes, Buffer.of(0)]), bytes.subarray(0, -1), Buffer.alloc(0)]) {
        writeFileSync(path, damaged);
        expect(await cache.get("a")).toBeUndefined();
        expect(files(root, "blobs")).toEqual([]);
        await cache.set("a", "x".repeat(80_000));
        expect(await cache.get("a")).toBe("x".repeat(80_000));
      }
    });

    it("two entries swapped answer to neither name", async () => {
      const root = join(directory(), "store");
      const cache = cacheOver(fileStore(root), makeSlots());
      await cache.set("a", "1".repeat(1000));
      const [first] = [entryFile(root)];
      await cache.set("b", "2".repeat(1000));
      const second = files(root, "entries")
        .filter((path) => path !== first)
        .sort((x, y) => statSync(y).size - statSync(x).size)[0] as string;
      const [one, two] = [readFileSync(first), readFileSync(second)];
      writeFileSync(first, two);
      writeFileSync(second, one);
      expect([await cache.get("a"), await cache.get("b")]).toEqual([undefined, undefined]);
    });

    it("strict throws what was damaged", async () => {
      const root = join(directory(), "store");
      const cache = cacheOver(fileStore(root), makeSlots(), { strict: true });
      await cache.set("a", VALUE);
      const path = entryFile(root);
      const bytes = readFileSync(path);
      bytes[bytes.length - 1] = (bytes[bytes.length - 1] as number) ^ 1;
      writeFileSync(path, bytes);
      await expect(cache.get("a")).rejects.toMatchObject({ code: "ERR_CACHE_AUTH" });
    });

    it("verification finds what is damaged and nothing else; collection takes what is expired and old", async () => {
      const root = join(directory(), "store");
      const store = fileStore(root);
      let now = Date.now();
      const clock = { now: () => now };
      const cache = cacheOver(store, makeSlots(), clock);
      await cache.set("short", 1, { ttl: "1h" });
      await cache.set("small", 2);
      await cache.set("large", "x".repeat(90_000));
      const digest = await cache.blobs.put(new Uint8Array(1000));
      const options = { store, ...makeSlots(), ...clock };
      const entries = [];
      for await (const entry of listEntries(options)) entries.push(entry);
      expect(entries.map(({ key }) => key).sort()).toEqual(["large", "short", "small"]);
      expect(entries.map(({ namespace, state }) => [namespace, state])).toEqual(Array(3).fill(["builds", "ok"]));
      expect(await verifyStore(options)).toMatchObject({ damaged: 0, foreign: 0, expired: 0, problems: [] });
      now += 3_600_000 + 40 * 86_400_000;
      const dry = await collectGarbage({ ...options, keep: "30d", dryRun: true });
      expect(dry).toMatchObject({ expiredEntries: 1, unreferencedBlobs: 1 });
      const swept = await collectGarbage({ ...options, keep: "30d" });
      expect(swept).toMatchObject({ expiredEntries: 1, unreferencedBlobs: 1, bytes: dry.bytes });
      expect(await cache.get("small")).toBe(2);
      expect(await cache.get("large")).toBe("x".repeat(90_000));
      expect(await cache.blobs.has(digest)).toBe(false);
      expect((await collectGarbage({ ...options, keep: "30d" })).unreferencedBlobs).toBe(0);
      const path = entryFile(root);
      const bytes = readFileSync(path);
      bytes[40] = (bytes[40] as number) ^ 1;
      writeFileSync(path, bytes);
      const damaged = await verifyStore(options);
      expect(damaged).toMatchObject({ damaged: 1, missing: 0 });
      expect(damaged.problems).toHaveLength(1);
      for (const blob of files(root, "blobs")) rmSync(blob);
      await cache.set("large", "x".repeat(90_000));
      for (const blob of files(root, "blobs")) rmSync(blob);
      expect(await verifyStore(options)).toMatchObject({ damaged: 0, missing: 1 });
    });

    const stranger = strangers[name] as typeof makeSlots;
    if (name !== "plain")
      it("M44 M45: a stranger with other keys reads nothing and destroys nothing", async () => {
        const root = join(directory(), "store");
        const cache = cacheOver(fileStore(root), makeSlots());
        await cache.set("a", VALUE);
        await cache.set("large", "x".repeat(90_000));
        const digest = await cache.blobs.put(new Uint8Array(40_000));
        const before = snapshot(root);
        const other = cacheOver(fileStore(root), stranger());
        for (const key of ["a", "large"]) expect(await other.get(key)).toBeUndefined();
        if (name.includes("sealed")) expect(await other.blobs.get(digest)).toBeUndefined();
        const options = { store: fileStore(root), ...stranger() };
        await verifyStore(options);
        await collectGarbage({ ...options, now: () => Date.now() + 365 * 86_400_000, dryRun: false, keep: "3000d" });
        await verifyStore({ store: fileStore(root) });
        expect(snapshot(root)).toEqual(before);
        expect(await cache.get("large")).toBe("x".repeat(90_000));
      });
  });
}

describe("roles", () => {
  it("a reader with the sealing key and public keys only cannot make what others believe", async () => {
    const root = join(directory(), "store");
    const [master, identity] = [MasterKey.generate(), SigningKey.generate()];
    const seal = sealer(Keyring.of(master));
    const trusted = [identity.publicKey];
    await createCache({ store: fileStore(root), seal, sign: ed25519Signer({ identity }) }).set("a", "good");
    const reader = createCache({ store: fileStore(root), seal, sign: ed25519Signer({ trusted }) });
    expect(await reader.get("a")).toBe("good");
    await expect(reader.set("a", "bad")).rejects.toMatchObject({ code: "ERR_CACHE_READ_ONLY" });
    const forgeries = [
      createCache({ store: fileStore(root), seal }),
      createCache({ store: fileStore(root), seal, sign: hmacSigner(Keyring.of(master)) }),
      createCache({ store: fileStore(root), seal, sign: ed25519Signer({ identity: SigningKey.generate() }) }),
    ];
    for (const forger of forgeries) {
      await forger.set("a", "bad");
      expect(await reader.lookup("a")).toMatchObject({ state: "rejected", code: "ERR_CACHE_UNKNOWN_KEY" });
    }
  });

  it("M23 M29: a sealed store holds neither plaintext, nor keys, nor digests of them", async () => {
    const root = join(directory(), "store");
    const cache = cacheOver(fileStore(root), (slots["sealed"] as () => object)());
    const marker = "MARKER-0123456789";
    await cache.set(`key-${marker}`, marker);
    await cache.set("large", marker.repeat(5000));
    const digest = await cache.blobs.put(new TextEncoder().encode(marker.repeat(3000)));
    const needles = [
      marker,
      digest,
      Buffer.from(digest, "hex").toString("latin1"),
      Buffer.from(digest, "hex").toString("base64"),
      "builds",
    ];
    for (const path of [...files(root, "blobs"), ...files(root, "entries")]) {
      const haystack = `${path.slice(root.length)}\n${readFileSync(path, "latin1")}`;
      for (const needle of needles) expect(haystack.includes(needle)).toBe(false);
    }
  });

  it("M27: a sealed cache believes no plaintext, whatever its name", async () => {
    const root = join(directory(), "store");
    const cache = cacheOver(fileStore(root), (slots["sealed"] as () => object)());
    await cache.set("a", "1".repeat(500));
    const plain = join(directory(), "other");
    await cacheOver(fileStore(plain), {}).set("a", "planted");
    writeFileSync(entryFile(root), readFileSync(entryFile(plain)));
    expect(await cache.get("a")).toBeUndefined();
  });

  it("stats count what is there", async () => {
    const store = fileStore(join(directory(), "store"));
    await cacheOver(store, {}).set("a", "x".repeat(90_000));
    const stats = await storeStats({ store });
    expect(stats).toMatchObject({ entries: { count: 1 }, blobs: { count: 1, bytes: 90_002 } });
  });
});
