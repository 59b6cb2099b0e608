import { execFileSync } from "node:child_process";
import { lstatSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fileStore } from "../src/index.ts";
import { fileOf, newDirectory } from "./directories.ts";
import { Installed } from "./installed.ts";
import { contentName, contentOf, monitored, pathOfName, writeFile } from "./monitored.ts";

const installed = new Installed();
const one = contentName("one");

describe("what is not reported", () => {
  it("is found by a scan: a change, a plant and a deletion that nobody heard of", async () => {
    const { directory, alerts, monitor } = await monitored(["one", "two"], { watch: false });
    const two = contentName("two");
    writeFileSync(fileOf(directory, one), "other");
    rmSync(fileOf(directory, two));
    writeFileSync(`${directory}/v1/blobs/extra`, "", { mode: 0o600 });
    expect(await monitor.scan()).toMatchObject({ alerts: 3, watched: 0, unwatched: 0 });
    expect(alerts.rows().sort()).toEqual([
      `damaged ${pathOfName(one)}`,
      `deleted ${pathOfName(two)}`,
      "planted v1/blobs/extra",
    ]);
  });

  it("is found after a flood: more changes at once than the system keeps, and none is missed", async () => {
    const store = fileStore(newDirectory());
    await store.put(one, contentOf("one"));
    // All directories are there and watched: one that is new is looked at as a whole, which would miss the point.
    for (let at = 0; at < 256; at++) {
      const digits = at.toString(16).padStart(2, "0");
      mkdirSync(join(store.directory, "v1", "blobs", digits), { recursive: true, mode: 0o700 });
    }
    const { directory, alerts, monitor } = await monitored([], {}, store);
    const words = Array.from({ length: 9000 }, (_, at) => `word ${at}`);
    // One turn of the event loop, so that nothing is read meanwhile: each file is two reports or more.
    for (const word of words) writeFile(directory, contentName(word), contentOf(word));
    writeFileSync(fileOf(directory, one), "other");
    expect(await alerts.first("rescan")).toMatchObject({ level: "info", reason: "flood" });
    await monitor.scan();
    const written = new Set(alerts.all.filter(({ type }) => type === "written").map(({ path }) => path));
    expect(written).toEqual(new Set(words.map((word) => pathOfName(contentName(word)))));
    expect(alerts.all.filter(({ level }) => level !== "info")).toMatchObject([{ type: "damaged", name: one }]);
    expect(alerts.all).toHaveLength(9002);
  });
});

describe("other processes that use the store as they should", () => {
  const WORK = `
    import { createHash } from "node:crypto";
    const store = fileStore(args[0], { maxBytes: "100MB" });
    const content = (at) => new Uint8Array(at * 100).fill(at);
    const name = (bytes) => "blobs/" + createHash("sha256").update(bytes).digest("hex");
    const words = Array.from({ length: 100 }, (_, at) => content(at));
    if (args[1] === "write") for (const each of [...words, ...words]) await store.put(name(each), each);
    for (const each of words) if ((await store.get(name(each)))?.length !== each.length) throw new Error("lost");`;

  it("are told of as writers of values that hold, however many write at once", async () => {
    const { directory, alerts, monitor } = await monitored();
    const ended = await Promise.all([1, 2, 3].map(() => installed.run(WORK, { args: [directory, "write"] })));
    expect(ended.map(({ code, err }) => [code, err])).toEqual(Array(3).fill([0, ""]));
    await monitor.scan();
    expect(new Set(alerts.all.map(({ type }) => type))).toEqual(new Set(["written"]));
    expect(new Set(alerts.all.map(({ path }) => path)).size).toBe(100);
  });

  it("are not told of when they only read, though uses are noted on the medium", async () => {
    const { directory, store, alerts, monitor } = await monitored();
    expect(await installed.run(WORK, { args: [directory, "write"] })).toMatchObject({ code: 0, err: "" });
    await monitor.scan();
    alerts.all.length = 0;
    const changed = async () => {
      const times: number[] = [];
      for await (const { name } of store.list("blobs")) times.push(lstatSync(fileOf(directory, name)).ctimeMs);
      return times;
    };
    const before = await changed();
    expect(await installed.run(WORK, { args: [directory, "read"] })).toMatchObject({ code: 0, err: "" });
    await monitor.scan();
    expect(await changed()).not.toEqual(before);
    expect(alerts.all).toEqual([]);
  });
});

const PROGRAM = `
  import { monitorStore } from "@cache/cas/monitor";
  const store = fileStore(args[0]);
  await store.put("blobs/" + "0".repeat(64), new Uint8Array(1));
  const onAlert = (alert) => console.log(alert.type, alert.reason ?? alert.path);
  const monitor = await monitorStore({ store, onAlert });`;

/** Starts a program where the system gives little of something. */
const within = (limit: string, most: number): string =>
  `exec unshare -Ur sh -c 'echo ${most} > /proc/sys/user/${limit}; exec "$0" "$@"' "$0" "$@"`;

function canLimit(): boolean {
  try {
    execFileSync("sh", ["-c", within("max_inotify_watches", 3), "true"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

describe("the process of a monitor", () => {
  it("ends when the monitor is closed, and not before", async () => {
    const closing = `${PROGRAM} await monitor.close(); console.log("closed");`;
    expect(await installed.run(closing, { args: [newDirectory()] })).toMatchObject({ code: 0, out: "closed\n" });
    const child = installed.start(`${PROGRAM} console.log("begun");`, { args: [newDirectory()] });
    await child.lines(1);
    process.kill(child.process.pid as number, "SIGKILL");
    expect(await child.ended).toMatchObject({ signal: "SIGKILL" });
  });

  it.runIf(canLimit()).each([
    ["max_inotify_watches", 3, "ENOSPC"],
    ["max_inotify_instances", 0, "EMFILE"],
  ])("goes on by scans where %s is %d, and says so once", async (limit, most, reason) => {
    const program = `${PROGRAM}
      import { rmSync } from "node:fs";
      rmSync(store.directory + "/v1/blobs/00/" + "0".repeat(64));
      const { unwatched } = await monitor.scan();
      console.log(unwatched > 0);
      await monitor.close();`;
    const ended = await installed.run(program, { args: [newDirectory()], limits: within(limit, most) });
    const path = `v1/blobs/00/${"0".repeat(64)}`;
    expect(ended).toMatchObject({ err: "", out: `unwatched ${reason}\ndeleted ${path}\ntrue\n` });
  });
});
