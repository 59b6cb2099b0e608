import { createHash } from "node:crypto";
import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type AuditReport, auditLog, verifyAuditLog } from "@cache/core/audit";
import { pae, toHex } from "@cache/core/bytes";
import { MasterKey } from "@cache/core/keyring";
import { describe, expect, it } from "vitest";
import { event, filesOf, linesOf, write, written } from "./audit-logs.ts";
import { directory } from "./slots.ts";

const key = MasterKey.generate();
const small = { key, maxBytes: 1500 };
const kinds = ({ problems }: AuditReport): string[] => problems.map(({ what }) => what);
const seqsOf = (path: string): number[] => linesOf(path).map((line) => JSON.parse(line).seq as number);
const rotated = (path: string): string[] => filesOf(path).filter((file) => file !== path);
const planted = (path: string, first: number): string => `${path}.${String(first).padStart(16, "0")}`;

/** A line that somebody without a key made, with the hash that it needs. */
function forged(fields: object): string {
  const text = JSON.stringify({ type: "x", before: "0", run: "r", n: 0, ...fields });
  return `${text.slice(0, -1)},"chain":"${createHash("sha256").update(pae("cache/v1/audit", text)).digest("hex")}"}`;
}

const ALL_DROPPED = forged({ seq: 1000, files: Array(8).fill(Number.MAX_SAFE_INTEGER) });
const padded = (line: string): readonly string[] => [line, "x".repeat(2000)];

describe("a writer with a key believes no line that it cannot verify:", () => {
  it("none that says what the log dropped, so that nothing is removed for it", async () => {
    const path = join(directory(), "audit");
    const expectHead = written(path, 20, small);
    const kept = rotated(path);
    expect(kept.length).toBeGreaterThan(1);
    write(path, padded(ALL_DROPPED));
    written(path, 3, small);
    expect(rotated(path)).toEqual(expect.arrayContaining(kept));
    const report = await verifyAuditLog(path, { keys: [key], expectHead });
    expect(report).toMatchObject({ rotatedAway: 0, end: "cut" });
    expect(kinds(report)).toEqual(expect.arrayContaining(["unkeyed", "unreadable", "cut"]));
  });

  it("none that says which number comes next, and goes on behind the last that it can", async () => {
    const path = join(directory(), "audit");
    written(path, 3, { key });
    const wrong = forged({ seq: 7 }).replace('"n":0', `"n":0,"key":"${toHex(key.id)}"`);
    write(path, [...linesOf(path), forged({ seq: Number.MAX_SAFE_INTEGER }), wrong]);
    const errors: unknown[] = [];
    const expectHead = written(path, 3, { key, onError: (error) => errors.push(error) });
    expect(errors).toEqual([]);
    expect(seqsOf(path).slice(7)).toEqual([5, 6, 7, 8, 9]);
    const report = await verifyAuditLog(path, { keys: [key], expectHead });
    expect(report.end).toBe("proven");
    expect(report.problems.map(({ line }) => line).every((line) => line === 6 || line === 7)).toBe(true);
    expect(kinds(report)).toEqual(expect.arrayContaining(["unkeyed", "edited"]));
  });

  it("none in a file that was put beside the others, whatever its number", async () => {
    const path = join(directory(), "audit");
    written(path, 20, small);
    const [last] = seqsOf(path).slice(-1) as [number];
    renameSync(path, planted(path, seqsOf(path)[0] as number));
    const kept = rotated(path);
    const huge = planted(path, Number.MAX_SAFE_INTEGER);
    write(huge, [ALL_DROPPED]);
    written(path, 0, small);
    expect(seqsOf(path)).toEqual([last + 1, last + 2]);
    expect(rotated(path)).toEqual([...kept, huge]);
    rmSync(huge);
    expect((await verifyAuditLog(path, { keys: [key] })).problems).toEqual([]);
  });

  it("and takes no copy of its own files for newer ones than they are", async () => {
    const path = join(directory(), "audit");
    written(path, 20, small);
    const kept = rotated(path);
    const next = (seqsOf(kept.at(-1) as string).at(-1) as number) + 1;
    for (let n = 0; n < 8; n++) copyFileSync(kept[0] as string, planted(path, Number.MAX_SAFE_INTEGER - n));
    for (let n = 0; n < 8; n++) copyFileSync(kept[0] as string, planted(path, next + n));
    write(path, padded(ALL_DROPPED));
    written(path, 0, small);
    expect(seqsOf(path)).toEqual([next, next + 1]);
    written(path, 4, small);
    expect(rotated(path)).toEqual(expect.arrayContaining(kept));
  });

  it("nor what the directory says: files that somebody removed are missing, though no line says what was there", async () => {
    const path = join(directory(), "audit");
    written(path, 28, small);
    const [first, second, ...others] = rotated(path);
    expect(others.length).toBeGreaterThan(1);
    const whole = readFileSync(path, "utf8");
    writeFileSync(path, `${whole.replace('"files":[0', '"files":[1')}${"x".repeat(2000)}\n`);
    for (const file of [first, second]) rmSync(file as string);
    written(path, 0, small);
    writeFileSync(rotated(path).at(-1) as string, whole);
    const report = await verifyAuditLog(path, { keys: [key] });
    expect(report).toMatchObject({ rotatedAway: 0, problems: [{ what: "removed", file: others[0], line: 1 }] });
  });

  it("when it can verify none, it begins anew, and removes nothing that others wrote until it has files of its own", async () => {
    const path = join(directory(), "audit");
    written(path, 20, small);
    const files = [...rotated(path), path].map((file) => readFileSync(file, "utf8"));
    const other = MasterKey.generate();
    written(path, 2, { ...small, key: other, keep: 1 });
    const present = filesOf(path).map((file) => readFileSync(file, "utf8"));
    for (const text of files.slice(0, -1)) expect(present).toContain(text);
    expect(present.some((text) => text.startsWith(files.at(-1) as string))).toBe(true);
    const report = await verifyAuditLog(path, { keys: [other] });
    expect(report.problems.every(({ what, keyId }) => what === "removed" || keyId === toHex(key.id))).toBe(true);
    written(path, 200, { ...small, key: other, keep: 1 });
    expect(await verifyAuditLog(path, { keys: [other] })).toMatchObject({ files: 2, problems: [] });
  });

  it("its first line in a file where it verified none says what is kept, so that the log goes on dropping its oldest", async () => {
    const path = join(directory(), "audit");
    written(path, 20, { ...small, keep: 2 });
    const garbage = "garbage";
    write(path, [garbage]);
    written(path, 100, { ...small, keep: 2 });
    expect(rotated(path)).toHaveLength(2);
    expect(await verifyAuditLog(path, { keys: [key] })).toMatchObject({ problems: [] });
  });

  it("other keys that it is given count as its own, and without a key none is taken", async () => {
    const path = join(directory(), "audit");
    const other = MasterKey.generate();
    written(path, 20, { ...small, keep: 100, key: other });
    written(path, 20, { ...small, keep: 100, otherKeys: [other] });
    expect(await verifyAuditLog(path, { keys: [key, other] })).toMatchObject({ rotatedAway: 0, problems: [] });
    for (const wrong of [{ otherKeys: [other] }, { key, otherKeys: ["text"] }, { key, otherKeys: other }])
      expect(() => auditLog(path, wrong as never)).toThrow(TypeError);
  });
});

describe("what nobody vouches for", () => {
  it("is no word of the log on what it dropped, when keys are given", async () => {
    const path = join(directory(), "audit");
    const expectHead = written(path, 20, small);
    for (const file of rotated(path)) rmSync(file);
    const first = seqsOf(path)[0] as number;
    write(path, [...linesOf(path), forged({ seq: 1000, files: [1000] })]);
    const report = await verifyAuditLog(path, { keys: [key], expectHead });
    expect(report.rotatedAway).toBe(0);
    expect(report.problems).toContainEqual({ file: path, line: 1, lines: 1, what: "removed" });
    expect(first).toBeGreaterThan(0);
  });

  it("ends no log without a key in silence: a number behind which none can be counted is told, and nothing is written", async () => {
    const path = join(directory(), "audit");
    const errors: unknown[] = [];
    const log = auditLog(path, { onError: (error) => errors.push(error) });
    const lines = [...linesOf(path), forged({ seq: Number.MAX_SAFE_INTEGER })];
    write(path, lines);
    log.listener(event(1));
    expect(errors).toMatchObject([{ code: "ERR_CACHE_LIMIT" }]);
    expect(() => auditLog(path)).toThrow(expect.objectContaining({ code: "ERR_CACHE_LIMIT" }));
    expect(linesOf(path)).toEqual(lines);
    for (const first of [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER + 1]) write(planted(path, first), [""]);
    write(path, padded(forged({ seq: Number.MAX_SAFE_INTEGER })));
    expect(() => auditLog(path, { maxBytes: 1500 })).toThrow(expect.objectContaining({ code: "ERR_CACHE_LIMIT" }));
    expect(existsSync(path)).toBe(true);
    expect(readdirSync(join(path, ".."))).toHaveLength(3);
  });

  it("a line without a key that has not its hash says nothing to a writer without one", async () => {
    const path = join(directory(), "audit");
    written(path, 1);
    const damaged = forged({ seq: Number.MAX_SAFE_INTEGER }).replace('"run":"r"', '"run":"s"');
    write(path, [...linesOf(path), damaged]);
    written(path, 0);
    expect(seqsOf(path).slice(4)).toEqual([3, 4]);
    expect(kinds(await verifyAuditLog(path))).toEqual(["edited"]);
  });
});
