import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type CacheEvent, createCache } from "@cache/core";
import { auditLog, verifyAuditLog } from "@cache/core/audit";
import { MasterKey } from "@cache/core/keyring";
import { memoryStore } from "@cache/memory";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { directory } from "./slots.ts";

const event = (n: number, level: CacheEvent["level"] = "security"): CacheEvent => ({
  type: "rejected",
  level,
  namespace: "builds",
  plane: "entries",
  id: String(n).padStart(16, "0"),
  time: 1_800_000_000_000 + n,
  code: "ERR_CACHE_AUTH",
});

/** A log of one run with so many events, closed. */
function written(path: string, count: number, options: Parameters<typeof auditLog>[1] = {}): void {
  const log = auditLog(path, options);
  for (let n = 0; n < count; n++) log.listener(event(n));
  log.close();
}

const linesOf = (path: string): string[] => readFileSync(path, "utf8").trimEnd().split("\n");
const write = (path: string, lines: readonly string[]) => writeFileSync(path, `${lines.join("\n")}\n`);

describe("an audit log", () => {
  it("holds what a cache met, with time, code, process and user, and verifies", async () => {
    const path = join(directory(), "audit");
    const log = auditLog(path);
    const store = memoryStore({ maxBytes: 1_000_000 });
    const cache = createCache({ store, onEvent: log.listener });
    await cache.set("k", 1);
    for await (const { name } of store.list("entries")) await store.put(name, Uint8Array.of(1));
    expect(await cache.get("k")).toBeUndefined();
    log.close();
    const [opened, ...events] = linesOf(path).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(opened).toMatchObject({ type: "opened", n: 0, pid: process.pid });
    expect(events.map(({ type }) => type)).toEqual(["quarantined", "rejected", "closed"]);
    expect(events[1]).toMatchObject({ level: "security", code: "ERR_CACHE_FORMAT", user: process.geteuid?.() });
    expect(await verifyAuditLog(path)).toEqual({
      ...{ files: 1, lines: 4, runs: 1, open: 0, beginsLate: false },
      problems: [],
    });
  });

  it("writes what is at least as loud as it was told", () => {
    const path = join(directory(), "audit");
    const log = auditLog(path, { level: "security" });
    for (const level of ["info", "warning", "security"] as const) log.listener(event(1, level));
    expect(linesOf(path)).toHaveLength(2);
    for (const wrong of [{ level: "loud" }, { keep: 0 }, { maxBytes: "much" }, { levle: "info" }]) {
      expect(() => auditLog(path, wrong as never)).toThrow(TypeError);
    }
  });

  it("shows each edit of one character, wherever it is", async () => {
    const path = join(directory(), "audit");
    written(path, 5);
    const whole = readFileSync(path, "latin1");
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 2), fc.integer({ min: 1, max: 94 }), async (at, by) => {
        const old = whole.charCodeAt(at);
        const other = 32 + ((old - 32 + by) % 95);
        fc.pre(other !== old);
        writeFileSync(path, whole.slice(0, at) + String.fromCharCode(other) + whole.slice(at + 1), "latin1");
        expect((await verifyAuditLog(path)).problems).not.toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it("shows lines that were removed, doubled or put in another order, and where", async () => {
    const path = join(directory(), "audit");
    written(path, 6);
    const lines = linesOf(path);
    const changes: readonly (readonly [number, (all: string[]) => unknown])[] = [
      [3, (all) => all.splice(2, 1)],
      [4, (all) => all.splice(3, 0, all[2] as string)],
      [2, (all) => all.reverse()],
      [3, (all) => ([all[2], all[3]] = [all[3] as string, all[2] as string])],
    ];
    for (const [line, change] of changes) {
      const all = [...lines];
      change(all);
      write(path, all);
      const { problems } = await verifyAuditLog(path);
      expect(problems.length).toBeGreaterThan(0);
      expect(problems[0]?.line, String(change)).toBeLessThanOrEqual(line);
    }
  });

  it("shows that the end of an earlier run was cut off, since the next says after which line it began", async () => {
    const path = join(directory(), "audit");
    written(path, 3);
    written(path, 3);
    expect(await verifyAuditLog(path)).toMatchObject({ runs: 2, open: 0, problems: [] });
    const lines = linesOf(path);
    write(path, [...lines.slice(0, 3), ...lines.slice(5)]);
    expect(await verifyAuditLog(path)).toMatchObject({ open: 1, problems: [{ line: 4, what: "cut" }] });
  });

  it("with a key, shows an edit by somebody who made all hashes anew", async () => {
    const [path, forged] = [join(directory(), "audit"), join(directory(), "audit")];
    const key = MasterKey.generate();
    written(path, 3, { key });
    expect((await verifyAuditLog(path, { key })).problems).toEqual([]);
    written(forged, 2);
    expect((await verifyAuditLog(forged)).problems).toEqual([]);
    const { problems } = await verifyAuditLog(forged, { key });
    expect(problems).toHaveLength(4);
    expect(problems[0]).toMatchObject({ what: "edited" });
    expect((await verifyAuditLog(path, { key: MasterKey.generate() })).problems).toHaveLength(5);
    expect((await verifyAuditLog(path)).problems).toHaveLength(5);
  });

  it("takes the lines of several at once, each in a chain of its own", async () => {
    const path = join(directory(), "audit");
    const logs = Array.from({ length: 5 }, () => auditLog(path, { maxBytes: 3000, keep: 100 }));
    for (let n = 0; n < 60; n++) logs[n % 5]?.listener(event(n));
    for (const log of logs) log.close();
    const report = await verifyAuditLog(path);
    expect(report).toMatchObject({ lines: 70, runs: 5, open: 0, beginsLate: false, problems: [] });
    expect(report.files).toBeGreaterThan(3);
  });

  it("keeps as many files as it was told; an older one that goes is no problem, one from between is", async () => {
    const path = join(directory(), "audit");
    written(path, 100, { maxBytes: 1000, keep: 4 });
    const report = await verifyAuditLog(path);
    expect(report).toMatchObject({ beginsLate: true, problems: [] });
    expect(report.files).toBeLessThanOrEqual(5);
    const rotated = readdirSync(join(path, ".."))
      .filter((name) => name.startsWith("audit."))
      .sort();
    rmSync(join(path, "..", rotated[1] as string));
    expect((await verifyAuditLog(path)).problems).toMatchObject([{ line: 1, what: "removed" }]);
  });

  it("is no file that others could have prepared", async () => {
    const base = directory();
    const open = join(base, "open");
    writeFileSync(open, "");
    chmodSync(open, 0o666);
    symlinkSync("elsewhere", join(base, "link"));
    mkdirSync(join(base, "directory"));
    for (const name of ["open", "link", "directory"]) expect(() => auditLog(join(base, name))).toThrow();
    expect(() => auditLog(open)).toThrow(expect.objectContaining({ code: "ERR_CACHE_UNSAFE_PATH" }));
    await expect(verifyAuditLog(join(base, "absent"))).rejects.toMatchObject({ code: "ERR_CACHE_STORE" });
  });

  it("that cannot be written to any more tells, breaks nothing, and shows the gap", async () => {
    const base = directory();
    const path = join(base, "below", "audit");
    mkdirSync(join(base, "below"));
    const errors: unknown[] = [];
    const log = auditLog(path, { onError: (error) => errors.push(error) });
    log.listener(event(1));
    const before = readFileSync(path);
    rmSync(join(base, "below"), { recursive: true });
    log.listener(event(2));
    expect(errors).toMatchObject([{ code: "ENOENT" }]);
    mkdirSync(join(base, "below"));
    writeFileSync(path, before, { mode: 0o600 });
    log.listener(event(3));
    expect((await verifyAuditLog(path)).problems).toHaveLength(1);
  });

  it("takes garbage for what it is", async () => {
    const path = join(directory(), "audit");
    written(path, 1);
    appendFileSync(path, 'garbage\n{"chain":1}\n{"log":1,"n":0,"chain":"' + "0".repeat(64) + '"}\n');
    expect((await verifyAuditLog(path)).problems.map(({ what }) => what)).toEqual(Array(3).fill("unreadable"));
  });
});
