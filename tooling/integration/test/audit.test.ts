import { execFileSync } from "node:child_process";
import { appendFileSync, chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createCache } from "@cache/core";
import { auditLog, verifyAuditLog } from "@cache/core/audit";
import { MasterKey } from "@cache/core/keyring";
import { memoryStore } from "@cache/memory";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { event, filesOf, linesOf, written } from "./audit-logs.ts";
import { directory } from "./slots.ts";

/** Text with what any reader of lines or of JSON may stumble over. */
const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc
    .array(
      fc.constantFrom(
        "\u2028",
        "\u2029",
        "\u0085",
        "\r",
        "\n",
        "\0",
        "\u001b",
        "\ud800",
        "\udfff",
        "\ufeff",
        '"',
        "\\",
        "}",
      ),
    )
    .map((parts) => parts.join("a")),
);

/** A log of one line that would be one, but for a member. */
function withLine(member: string): string {
  const path = join(directory(), "audit");
  const [start, end] = ['{"seq":0,"before":"","run":"","n":0,', `,"chain":"${"0".repeat(64)}"}\n`];
  writeFileSync(path, start + member + end);
  return path;
}

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
    expect(opened).toMatchObject({ type: "opened", seq: 0, n: 0, pid: process.pid });
    expect(events.map(({ type }) => type)).toEqual(["quarantined", "rejected", "closed"]);
    expect(events[1]).toMatchObject({ level: "security", code: "ERR_CACHE_FORMAT", user: process.geteuid?.() });
    expect(await verifyAuditLog(path)).toEqual({
      ...{ files: 1, lines: 4, runs: 1, open: 0, keyIds: [], rotatedAway: 0, head: log.head, end: "unproven" },
      problems: [],
    });
  });

  it("writes what is at least as loud as it was told", async () => {
    const path = join(directory(), "audit");
    const log = auditLog(path, { level: "security" });
    for (const level of ["info", "warning", "security"] as const) log.listener(event(1, level));
    expect(linesOf(path)).toHaveLength(2);
    for (const wrong of [
      { level: "loud" },
      { keep: 0 },
      { keep: 1001 },
      { keep: 1.5 },
      { maxBytes: "much" },
      { levle: "info" },
      { key: "text" },
      { key: MasterKey.generate(), otherKeys: "text" },
      { key: MasterKey.generate(), otherKeys: [{ id: "text" }] },
      { key: MasterKey.generate(), otherKeys: [null] },
      { otherKeys: [MasterKey.generate()] },
    ]) {
      expect(() => auditLog(path, wrong as never)).toThrow(TypeError);
    }
    for (const wrong of [{ key: undefined }, { expectHead: "5" }]) {
      await expect(verifyAuditLog(path, wrong as never)).rejects.toThrow(TypeError);
    }
  });

  it("verifies whatever a namespace, an id or a code says: only a line feed ends a line", async () => {
    const path = join(directory(), "audit");
    await fc.assert(
      fc.asyncProperty(anyText, anyText, anyText, async (namespace, id, code) => {
        rmSync(path, { force: true });
        const log = auditLog(path);
        for (let n = 0; n < 2; n++) log.listener({ ...event(n), namespace, id, code: code as never });
        log.close();
        expect(await verifyAuditLog(path)).toMatchObject({ lines: 4, problems: [] });
        expect(JSON.parse(readFileSync(path, "utf8").split("\n")[1] as string)).toMatchObject({ namespace, id, code });
      }),
      { numRuns: 200, examples: [["a\u2028b", "\u2029", ""]] },
    );
  });

  it("verifies when a line is longer than what is read of the end at first, and loses one that is far too long", async () => {
    const path = join(directory(), "audit");
    const errors: unknown[] = [];
    const log = auditLog(path, { onError: (error) => errors.push(error) });
    for (const length of [8192, 65_536, 130_000, 600_000]) {
      log.listener({ ...event(1), namespace: "x".repeat(length) });
      written(path, 1);
    }
    log.close();
    expect(await verifyAuditLog(path)).toMatchObject({ lines: 18, problems: [] });
    expect(errors).toEqual([]);
    const other = auditLog(path, { onError: (error) => errors.push(error) });
    other.listener({ ...event(1), namespace: "x".repeat(2_000_000) });
    expect(errors).toMatchObject([{ code: "ERR_CACHE_LIMIT" }]);
    other.close();
    expect((await verifyAuditLog(path)).problems).toMatchObject([{ what: "gap", line: 20 }]);
  });

  it("takes the lines of several at once", async () => {
    const path = join(directory(), "audit");
    const logs = Array.from({ length: 5 }, () => auditLog(path, { maxBytes: 3000, keep: 100 }));
    for (let n = 0; n < 60; n++) logs[n % 5]?.listener(event(n));
    for (const log of logs) log.close();
    const report = await verifyAuditLog(path);
    expect(report).toMatchObject({ lines: 70, runs: 5, open: 0, rotatedAway: 0, problems: [] });
    expect(report.files).toBeGreaterThan(3);
    expect(report.head).toBe(logs[4]?.head);
  });

  it("keeps as many files as it was told, and says how many lines went with older ones", async () => {
    const path = join(directory(), "audit");
    written(path, 100, { maxBytes: 1000, keep: 4 });
    const report = await verifyAuditLog(path);
    expect(report).toMatchObject({ files: 5, problems: [] });
    expect(report.rotatedAway).toBe(102 - report.lines);
    // Fewer are kept from the next file on.
    written(path, 20, { maxBytes: 1000, keep: 2 });
    expect(await verifyAuditLog(path)).toMatchObject({ files: 3, problems: [] });
  });

  it("goes on where a file was put aside and its writer killed before it began the next one", async () => {
    const path = join(directory(), "audit");
    written(path, 20, { maxBytes: 1000, keep: 3 });
    const [, ...rest] = filesOf(path);
    execFileSync("mv", [path, `${path}.${String(JSON.parse(linesOf(path)[0] as string).seq).padStart(16, "0")}`]);
    expect((await verifyAuditLog(path)).problems).toEqual([]);
    written(path, 1, { maxBytes: 1000, keep: 3 });
    expect(await verifyAuditLog(path)).toMatchObject({ files: 4, runs: 2, problems: [] });
    expect(filesOf(path).slice(0, 2)).toEqual(rest.slice(0, 2));
  });

  it("is no file that others could have prepared, and none that is no file: at once, with an error of ours", async () => {
    const base = directory();
    const open = join(base, "open");
    writeFileSync(open, "");
    chmodSync(open, 0o666);
    symlinkSync("elsewhere", join(base, "link"));
    mkdirSync(join(base, "directory"));
    execFileSync("mkfifo", [join(base, "pipe")]);
    const unsafe = expect.objectContaining({ name: "CacheError", code: "ERR_CACHE_UNSAFE_PATH" });
    for (const name of ["open", "link", "directory", "pipe"]) expect(() => auditLog(join(base, name))).toThrow(unsafe);
    for (const name of ["directory", "pipe"]) await expect(verifyAuditLog(join(base, name))).rejects.toEqual(unsafe);
    for (const name of ["absent", "absent/audit"])
      await expect(verifyAuditLog(join(base, name))).rejects.toMatchObject({ code: "ERR_CACHE_STORE" });
    expect(() => auditLog(join(base, "absent", "audit"))).toThrow(expect.objectContaining({ code: "ERR_CACHE_STORE" }));
    mkdirSync(join(base, "fine.lock"));
    expect(() => auditLog(join(base, "fine"))).toThrow(unsafe);
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
    expect(errors).toMatchObject([{ code: "ERR_CACHE_STORE", cause: { code: "ENOENT" } }]);
    mkdirSync(join(base, "below"));
    writeFileSync(path, before, { mode: 0o600 });
    log.listener(event(3));
    expect((await verifyAuditLog(path)).problems).toMatchObject([{ what: "gap", line: 3 }]);
  });

  it("never throws at whom it listens to, whatever is thrown at the failure or is no event", () => {
    const base = join(directory(), "below");
    mkdirSync(base);
    let told = 0;
    const log = auditLog(join(base, "audit"), {
      onError: () => {
        told += 1;
        throw new Error("of the listener's listener");
      },
    });
    log.listener({ ...event(1), time: 1n } as never);
    rmSync(base, { recursive: true });
    log.listener(event(1));
    log.close();
    expect(told).toBe(3);
  });

  it("takes garbage for what it is, and goes on behind it", async () => {
    const path = join(directory(), "audit");
    written(path, 1);
    appendFileSync(path, `garbage\n{"chain":1}\n{"run":1,"n":0,"chain":"${"0".repeat(64)}"}\n{"begun`);
    written(path, 1);
    expect((await verifyAuditLog(path)).problems).toMatchObject([{ what: "unreadable", line: 4, lines: 4 }]);
    for (const wrong of ['"prior":"1"', '"key":1', '"files":1', '"files":[-1]', '"seq":-1', '"n":0.5'])
      expect((await verifyAuditLog(withLine(wrong))).problems).toMatchObject([{ what: "unreadable", line: 1 }]);
    appendFileSync(path, Buffer.alloc(3_000_000, "x"));
    const { problems } = await verifyAuditLog(path);
    expect(problems).toMatchObject([{ line: 4 }, { what: "unreadable", line: 11, lines: 1 }]);
  });
});
