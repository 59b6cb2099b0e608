import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { createCache, type Name } from "@cache/core";
import { describe, expect, it } from "vitest";
import { fileStore } from "../src/index.ts";
import { monitorStore } from "../src/monitor/index.ts";
import { failureOf, fileOf, newDirectory, treeOf } from "./directories.ts";
import { contentName, contentOf, monitored, pathOfName, writeFile } from "./monitored.ts";

const one = contentName("one");
const two = contentName("two");

async function quarantinedIn(directory: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of fileStore(directory).maintenance.quarantined()) names.push(name ?? "no name");
  return names;
}

describe("what this process writes", () => {
  it("is no alert: puts, replacements, deletions and quarantine, whoever holds the store", async () => {
    const { directory, store, alerts, monitor } = await monitored(["one"]);
    const cache = createCache({ store: fileStore(directory) });
    for (let at = 0; at < 200; at++) await cache.set(`key ${at % 50}`, "x".repeat(at * 200));
    await store.put(two, contentOf("two"));
    await store.delete(two);
    await store.delete(one, { quarantine: true });
    await cache.clear();
    await monitor.scan();
    expect(alerts.all).toEqual([]);
  });

  it("is told of when it is asked for", async () => {
    const { store, alerts } = await monitored([], { own: true });
    await store.put(one, contentOf("one"));
    await store.delete(one);
    expect(alerts.all).toMatchObject([
      { type: "own", level: "info", did: "put", name: one, path: pathOfName(one) },
      { type: "own", level: "info", did: "removed", name: one },
    ]);
  });

  it("within limits is no alert either: evictions, and uses that are noted", async () => {
    const limited = fileStore(newDirectory(), { maxBytes: 200_000 });
    const { store, alerts, monitor } = await monitored(["one"], {}, limited);
    const cache = createCache({ store });
    for (let at = 0; at < 100; at++) await cache.set(`key ${at}`, "x".repeat(10_000));
    await store.maintenance.evict();
    await cache.get("key 99");
    await monitor.scan();
    expect(alerts.all).toEqual([]);
    await monitor.close();
  });

  it("hides nothing that somebody else does to the same value afterwards", async () => {
    const { directory, store, alerts } = await monitored();
    await store.put(one, contentOf("one"));
    writeFileSync(fileOf(directory, one), "content 0ne");
    expect(await alerts.first("damaged")).toMatchObject({ name: one, code: "ERR_CACHE_AUTH", quarantined: false });
  });
});

describe("what others do", () => {
  it("a value that holds is told as written, a new one and a replacement", async () => {
    const { directory, alerts } = await monitored(["one"]);
    writeFile(directory, two, contentOf("two"));
    expect(await alerts.first("written", pathOfName(two))).toMatchObject({ level: "info", name: two, replaced: false });
    const aside = join(directory, "aside");
    writeFileSync(aside, contentOf("one"), { mode: 0o600 });
    renameSync(aside, fileOf(directory, one));
    expect(await alerts.first("written", pathOfName(one))).toMatchObject({ replaced: true });
    expect(alerts.all).toHaveLength(2);
  });

  it("one changed byte of content, in the place of the old one, is damage", async () => {
    const { directory, alerts } = await monitored(["one", "two"]);
    const path = fileOf(directory, one);
    const bytes = readFileSync(path);
    bytes[3] = 0;
    writeFileSync(path, bytes);
    const alert = await alerts.first("damaged");
    expect(alert).toMatchObject({ level: "security", name: one, path: pathOfName(one), code: "ERR_CACHE_AUTH" });
    expect(Math.abs(Date.now() - alert.time)).toBeLessThan(60_000);
    expect(alerts.all).toHaveLength(1);
  });

  it("content with its times set back to what they were is found by what it says", async () => {
    const store = fileStore(newDirectory());
    await store.put(one, contentOf("one"));
    const path = fileOf(store.directory, one);
    const setBack = (): void => utimesSync(path, 1_000_000_000, 1_000_000_000);
    setBack();
    const before = lstatSync(path);
    const { alerts } = await monitored([], {}, store);
    writeFileSync(path, "content 0ne");
    setBack();
    const { ino, size, mtimeMs } = lstatSync(path);
    expect({ ino, size, mtimeMs }).toEqual({ ino: before.ino, size: before.size, mtimeMs: before.mtimeMs });
    expect(await alerts.first("damaged")).toMatchObject({ name: one });
  });

  it("what is written through another link to the file, which the system does not report, is found by a scan", async () => {
    const { directory, alerts, monitor } = await monitored(["one"]);
    const link = join(directory, "another link");
    linkSync(fileOf(directory, one), link);
    await monitor.scan();
    expect(alerts.all).toEqual([]);
    writeFileSync(link, "content 0ne");
    await monitor.scan();
    expect(alerts.all).toMatchObject([{ type: "damaged", name: one }]);
  });

  it("an entry that no longer is one is damage, and so is one that names another key", async () => {
    const { directory, store, alerts } = await monitored();
    const cache = createCache({ store });
    await cache.set("a", 1);
    await cache.set("b", 2);
    const names: Name[] = [];
    for await (const { name } of store.list("entries")) names.push(name);
    const [first, second] = names as [Name, Name];
    writeFileSync(fileOf(directory, first), readFileSync(fileOf(directory, second)));
    expect(await alerts.first("damaged", pathOfName(first))).toMatchObject({ name: first });
    writeFileSync(fileOf(directory, second), "no record");
    expect(await alerts.first("damaged", pathOfName(second))).toMatchObject({ code: "ERR_CACHE_FORMAT" });
  });

  it("a time that is set, and a use that another process notes, are no damage", async () => {
    const { directory, alerts, monitor } = await monitored(["one", "two"]);
    const path = fileOf(directory, one);
    const { mtime, mode } = lstatSync(path);
    utimesSync(path, new Date(0), mtime);
    chmodSync(path, mode & 0o7777);
    await monitor.scan();
    expect(alerts.all.filter(({ level }) => level !== "info")).toEqual([]);
  });

  it("a deletion is told with the value's name, and of a directory with how many went", async () => {
    const { directory, alerts } = await monitored(["one", "two"]);
    unlinkSync(fileOf(directory, one));
    expect(await alerts.first("deleted")).toMatchObject({
      level: "warning",
      name: one,
      path: pathOfName(one),
      values: 1,
    });
    const fanOut = dirname(fileOf(directory, two));
    renameSync(fanOut, join(directory, "elsewhere"));
    const path = dirname(pathOfName(two));
    expect(await alerts.first("deleted", path)).toMatchObject({ path, values: 1 });
    expect(alerts.all).toHaveLength(2);
  });

  it("the removal of the whole store is one alert, and what comes back is watched again", async () => {
    const { directory, store, alerts } = await monitored(["one", "two"]);
    renameSync(directory, `${directory}-away`);
    expect(await alerts.first("deleted")).toMatchObject({ path: ".", values: 2 });
    expect(alerts.all).toHaveLength(1);
    await store.put(one, contentOf("one"));
    writeFile(directory, two, "planted here");
    expect(await alerts.first("damaged")).toMatchObject({ name: two });
    expect(alerts.rows().slice(1)).toEqual([`damaged ${pathOfName(two)}`]);
  });

  it("a store that begins after its monitor is watched, too", async () => {
    const { directory, alerts } = await monitored();
    await monitored(["one"], {}, fileStore(directory));
    writeFile(directory, one, "no longer");
    expect(await alerts.first("damaged")).toMatchObject({ name: one });
  });

  it("another layout than the one that was there is damage, and makes no plants of the values", async () => {
    const { directory, alerts, monitor } = await monitored(["one"], { quarantine: true });
    writeFileSync(join(directory, "v1", "layout"), '{"version":1,"levels":2}\n');
    expect(await alerts.first("damaged")).toMatchObject({ path: "v1/layout", code: "ERR_CACHE_LAYOUT" });
    writeFileSync(join(directory, "v1", "layout"), "nonsense");
    await monitor.scan();
    expect(alerts.rows()).toEqual(["damaged v1/layout", "damaged v1/layout"]);
    expect(existsSync(fileOf(directory, one))).toBe(true);
  });

  it("is found in a store of two levels", async () => {
    const store = fileStore(newDirectory(), { levels: 2 });
    const { directory, alerts } = await monitored(["one"], {}, store);
    const [, hex] = one.split("/") as [string, string];
    const path = join("v1", "blobs", hex.slice(0, 2), hex.slice(2, 4), hex);
    writeFileSync(join(directory, path), "other");
    expect(await alerts.first("damaged")).toMatchObject({ name: one, path });
  });
});

describe("what is planted", () => {
  const victim = contentName("victim");
  const PLANTS: readonly (readonly [string, (path: string) => unknown])[] = [
    ["link", (path) => symlinkSync(import.meta.filename, path)],
    ["fifo", (path) => execFileSync("mkfifo", [path])],
    ["directory", (path) => mkdirSync(path)],
  ];

  it.each(PLANTS)("a %s in the place of a value is told, and not opened", async (what, plant) => {
    const { directory, alerts } = await monitored(["one"]);
    mkdirSync(dirname(fileOf(directory, victim)), { recursive: true, mode: 0o700 });
    plant(fileOf(directory, victim));
    expect(await alerts.first("planted")).toMatchObject({
      ...{ level: "security", what, name: victim, path: pathOfName(victim), quarantined: false },
    });
  });

  it("a value in the place of what was planted is a new one, and replaces none", async () => {
    const { directory, alerts } = await monitored(["one"]);
    mkdirSync(dirname(fileOf(directory, two)), { recursive: true, mode: 0o700 });
    symlinkSync(import.meta.filename, fileOf(directory, two));
    await alerts.first("planted");
    const aside = join(directory, "aside");
    writeFileSync(aside, contentOf("two"), { mode: 0o600 });
    renameSync(aside, fileOf(directory, two));
    expect(await alerts.first("written")).toMatchObject({ name: two, replaced: false });
  });

  it("files whose names are none of the layout are told wherever they are", async () => {
    const { directory, alerts, monitor } = await monitored(["one"]);
    const [, hex] = one.split("/") as [string, string];
    const paths = ["v1/extra", "v1/blobs/extra", `v1/blobs/zz`, `v1/blobs/${hex.slice(0, 2)}/extra`];
    const misplaced = `v1/blobs/${hex.slice(0, 2)}/${"0".repeat(64)}`;
    for (const path of [...paths, misplaced]) writeFileSync(join(directory, path), "", { mode: 0o600 });
    await monitor.scan();
    expect(alerts.rows().sort()).toEqual([...paths, misplaced].map((path) => `planted ${path}`).sort());
    await monitor.scan();
    expect(alerts.all).toHaveLength(5);
  });

  // Other systems have no such names.
  it.runIf(process.platform === "linux")("a name that is no text is told, once", async () => {
    const { directory, alerts, monitor } = await monitored(["one"]);
    writeFileSync(Buffer.concat([Buffer.from(`${directory}/v1/blobs/`), Buffer.of(0xff, 0xfe, 0x41)]), "");
    await monitor.scan();
    await monitor.scan();
    expect(alerts.rows()).toEqual(["planted v1/blobs/\ufffd\ufffdA"]);
  });

  it("a link in the place of a directory of values is told, and what it leads to is nobody's concern", async () => {
    const { directory, alerts, monitor } = await monitored(["one"]);
    const elsewhere = newDirectory();
    mkdirSync(elsewhere);
    symlinkSync(elsewhere, join(directory, "v1", "notes", "00"));
    expect(await alerts.first("planted")).toMatchObject({ what: "link", path: "v1/notes/00" });
    writeFileSync(join(elsewhere, "0".repeat(64)), "");
    await monitor.scan();
    expect(alerts.all).toHaveLength(1);
  });

  it("what was there before the monitor is told at its start", async () => {
    const store = fileStore(newDirectory());
    await store.put(one, contentOf("one"));
    symlinkSync("/etc/passwd", join(store.directory, "v1", "blobs", "link"));
    const { alerts } = await monitored([], {}, store);
    expect(alerts.rows()).toEqual(["planted v1/blobs/link"]);
  });
});

describe("rights", () => {
  it.runIf(process.platform !== "win32")("others who may write to a value or a directory are told of", async () => {
    const { directory, alerts } = await monitored(["one"]);
    chmodSync(fileOf(directory, one), 0o666);
    const value = await alerts.first("permissions", pathOfName(one));
    expect(value).toMatchObject({ level: "security", mode: 0o666, name: one, uid: process.getuid?.() });
    chmodSync(join(directory, "v1", "quarantine"), 0o777);
    expect(await alerts.first("permissions", "quarantine")).toMatchObject({ level: "security", mode: 0o777 });
    chmodSync(directory, 0o777);
    expect(await alerts.first("permissions", ".")).toMatchObject({ level: "security", mode: 0o777 });
    chmodSync(directory, 0o700);
    expect(alerts.rows()).toHaveLength(3);
  });

  it.runIf(process.geteuid?.() === 0)("that are another user's by now are told as open to them", async () => {
    const { directory, alerts } = await monitored(["one"]);
    chownSync(fileOf(directory, one), 12345, 12345);
    const alert = await alerts.first("permissions", pathOfName(one));
    expect(alert).toMatchObject({ level: "security", uid: 12345, name: one });
  });

  it.runIf(process.platform !== "win32")("that were open before the monitor began are told at its start", async () => {
    const { store } = await monitored(["one"]);
    chmodSync(store.directory, 0o770);
    const { alerts } = await monitored([], {}, store);
    expect(alerts.rows()).toEqual(["permissions ."]);
  });

  it.runIf(process.platform !== "win32")(
    "what cannot be verified for now is told so, and judged by a later scan",
    async () => {
      const { directory, monitor: first } = await monitored(["one", "two"]);
      await first.close();
      const { alerts, monitor } = await monitored([], {}, fileStore(directory));
      chmodSync(directory, 0o777);
      writeFileSync(fileOf(directory, one), "other");
      await monitor.scan();
      expect(await alerts.first("unverified")).toMatchObject({ name: one, code: "ERR_CACHE_UNSAFE_PATH" });
      await monitor.scan();
      expect(alerts.all.filter(({ type }) => type === "unverified")).toHaveLength(1);
      chmodSync(directory, 0o700);
      await monitor.scan();
      expect(await alerts.first("damaged")).toMatchObject({ name: one });
    },
  );
});

describe("quarantine", () => {
  it("takes what does not hold, and a put heals it", async () => {
    const { directory, store, alerts, monitor } = await monitored(["one"], { quarantine: true });
    writeFileSync(fileOf(directory, one), "other");
    expect(await alerts.first("damaged")).toMatchObject({ name: one, quarantined: true });
    expect(existsSync(fileOf(directory, one))).toBe(false);
    expect(await quarantinedIn(directory)).toEqual([one]);
    await store.put(one, contentOf("one"));
    await monitor.scan();
    expect(alerts.all).toHaveLength(1);
    expect(await createCache({ store }).blobs.get(one.slice(6))).toEqual(contentOf("one"));
  });

  it("takes what is planted among the values as it is, and follows no link", async () => {
    const { directory, alerts } = await monitored(["one"], { quarantine: true });
    const target = newDirectory();
    mkdirSync(target);
    writeFileSync(join(target, "precious"), "1");
    const path = fileOf(directory, two);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    symlinkSync(target, path);
    expect(await alerts.first("planted")).toMatchObject({ name: two, quarantined: true });
    expect(await quarantinedIn(directory)).toEqual([two]);
    expect(treeOf(target)).toEqual(["precious 644"]);
    writeFileSync(join(directory, "v1", "blobs", "extra"), "");
    expect(await alerts.first("planted", "extra")).toMatchObject({ quarantined: true });
    expect(existsSync(join(directory, "v1", "blobs", "extra"))).toBe(false);
    expect((await fileStore(directory).maintenance.purgeQuarantine()).count).toBe(2);
  });

  it("takes nothing away to where a link in the place of the quarantine leads", async () => {
    const { directory, alerts, monitor } = await monitored(["one"], { quarantine: true, watch: false });
    const elsewhere = newDirectory();
    mkdirSync(elsewhere);
    const quarantine = join(directory, "v1", "quarantine");
    rmSync(quarantine, { recursive: true });
    symlinkSync(elsewhere, quarantine);
    const plant = join(dirname(fileOf(directory, one)), "plant");
    writeFileSync(plant, "planted");
    await monitor.scan();
    expect(await alerts.first("planted", "plant")).toMatchObject({ quarantined: false });
    expect(existsSync(plant)).toBe(true);
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  it("takes nothing that lies where the layout itself is", async () => {
    const { directory, alerts } = await monitored(["one"], { quarantine: true });
    writeFileSync(join(directory, "v1", "extra"), "");
    expect(await alerts.first("planted")).toMatchObject({ path: "v1/extra", quarantined: false });
    expect(existsSync(join(directory, "v1", "extra"))).toBe(true);
  });

  it("is not done unless it is asked for", async () => {
    const { directory, alerts } = await monitored(["one"]);
    writeFileSync(fileOf(directory, one), "other");
    expect(await alerts.first("damaged")).toMatchObject({ quarantined: false });
    expect(existsSync(fileOf(directory, one))).toBe(true);
  });
});

/** A store with all methods and without a directory. */
const memoryLike = Object.assign(Object.create(fileStore(newDirectory())), { directory: undefined });

describe("a monitor", () => {
  it("refuses options that make no sense", async () => {
    const store = fileStore(newDirectory());
    const onAlert = (): void => {};
    for (const wrong of [{}, { interval: "10ms" }, { watch: 1 }, { alert: onAlert }, { onAlert: undefined }]) {
      const options = { store, onAlert, ...wrong } as never;
      if (Object.keys(wrong).length === 0) continue;
      expect(await failureOf(monitorStore(options))).toBeInstanceOf(TypeError);
    }
    for (const none of [undefined, {}, { directory: 5 }, memoryLike])
      expect((await failureOf(monitorStore({ store: none, onAlert } as never))).message).toMatch(/is a file store/);
  });

  it("goes on when its listener throws", async () => {
    let told = 0;
    const onAlert = (): void => {
      told += 1;
      throw new Error("a listener's own");
    };
    const { directory, monitor } = await monitored(["one", "two"], { onAlert });
    writeFileSync(fileOf(directory, one), "other");
    writeFileSync(fileOf(directory, two), "other");
    await monitor.scan();
    expect(told).toBe(2);
  });

  it("tells nothing once it is closed or its signal aborted", async () => {
    const abort = new AbortController();
    const { directory, alerts, monitor } = await monitored(["one"], { signal: abort.signal });
    abort.abort();
    rmSync(fileOf(directory, one));
    expect(await failureOf(monitor.scan())).toMatchObject({ code: "ERR_CACHE_STORE" });
    expect(alerts.all).toEqual([]);
    await monitor.close();
  });
});
