import { copyFileSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type AuditReport, auditLog, verifyAuditLog } from "@cache/core/audit";
import { pae, toHex } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import { MasterKey } from "@cache/core/keyring";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { event, filesOf, linesOf, write, written } from "./audit-logs.ts";
import { directory } from "./slots.ts";

const kinds = ({ problems }: AuditReport): string[] => problems.map(({ what }) => what);

/** The lines with something else in their fields, chained again: without a key anybody can do that. */
function rewritten(
  lines: readonly string[],
  change: (fields: Record<string, unknown>, at: number) => object,
): string[] {
  let before: unknown;
  return lines.map((line, at) => {
    const { chain, ...fields } = JSON.parse(line);
    const text = JSON.stringify({ ...fields, ...(at === 0 ? {} : { before }), ...change(fields, at) });
    const hash = toHex(crypto.sha256(pae("cache/v1/audit", text)));
    const made = `${text.slice(0, -1)},"chain":"${hash}"}`;
    before = toHex(crypto.sha256(pae("cache/v1/audit-link", made)));
    return made;
  });
}

describe("what was done to an audit log shows:", () => {
  it("lines that no log has, though each is chained as it should be", async () => {
    const path = join(directory(), "audit");
    written(path, 3);
    const lines = linesOf(path);
    write(
      path,
      rewritten(lines, () => ({})),
    );
    expect((await verifyAuditLog(path)).problems).toEqual([]);
    write(
      path,
      rewritten(lines, () => ({ run: 5 })),
    );
    expect(kinds(await verifyAuditLog(path))).toContain("unreadable");
    write(
      path,
      rewritten(lines, (_, at) => (at === 0 ? { before: 5 } : {})),
    );
    expect(kinds(await verifyAuditLog(path))).toContain("unreadable");
  });

  it("an edited line, and once", async () => {
    const path = join(directory(), "audit");
    written(path, 5);
    const lines = linesOf(path);
    lines[2] = (lines[2] as string).replace("builds", "build5");
    write(path, lines);
    expect((await verifyAuditLog(path)).problems).toMatchObject([{ what: "edited", line: 3, lines: 1 }]);
  });

  it("each edit of one character, wherever it is", async () => {
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

  it("lines that were removed, doubled or put in another order, and where", async () => {
    const path = join(directory(), "audit");
    written(path, 6);
    const lines = linesOf(path);
    const changes: readonly (readonly [number, (all: string[]) => unknown])[] = [
      [3, (all) => all.splice(2, 1)],
      [4, (all) => all.splice(3, 0, all[2] as string)],
      [1, (all) => all.shift()],
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

  it("any stretch that is removed before the last line, whole runs and their heads included", async () => {
    const path = join(directory(), "audit");
    for (let run = 0; run < 4; run++) written(path, 3);
    const lines = linesOf(path);
    expect(lines).toHaveLength(20);
    for (let from = 0; from < 19; from++) {
      for (let to = from + 1; to < 20; to++) {
        write(path, [...lines.slice(0, from), ...lines.slice(to)]);
        expect(kinds(await verifyAuditLog(path)), `${from} to ${to}`).toContain("removed");
      }
    }
  });

  it("any stretch that is moved or put in a second time, whole runs included", async () => {
    const path = join(directory(), "audit");
    for (let run = 0; run < 4; run++) written(path, 3);
    const lines = linesOf(path);
    const place = fc.nat(20);
    await fc.assert(
      fc.asyncProperty(place, place, place, fc.boolean(), async (a, b, to, stays) => {
        const [from, until] = [Math.min(a, b), Math.max(a, b)];
        const rest = stays ? lines : [...lines.slice(0, from), ...lines.slice(until)];
        const changed = [...rest.slice(0, to), ...lines.slice(from, until), ...rest.slice(to)];
        fc.pre(changed.join() !== lines.join());
        write(path, changed);
        expect(kinds(await verifyAuditLog(path))).toContain("removed");
      }),
      {
        numRuns: 200,
        examples: [
          [5, 10, 0, false],
          [15, 20, 0, false],
          [0, 5, 20, true],
        ],
      },
    );
  });

  it("a run that was written within another one's time and is gone as a whole", async () => {
    const path = join(directory(), "audit");
    const long = auditLog(path);
    written(path, 3);
    long.listener(event(1));
    const lines = linesOf(path);
    write(path, [...lines.slice(0, 1), ...lines.slice(6)]);
    expect((await verifyAuditLog(path)).problems).toMatchObject([{ what: "removed", line: 2 }]);
  });

  it("what was removed, once, whatever runs it belonged to", async () => {
    const path = join(directory(), "audit");
    const [one, two] = [auditLog(path), auditLog(path)];
    for (let n = 0; n < 6; n++) (n % 2 === 0 ? one : two).listener(event(n));
    const lines = linesOf(path);
    write(path, [...lines.slice(0, 4), ...lines.slice(6)]);
    expect((await verifyAuditLog(path)).problems).toMatchObject([{ what: "removed", line: 5, lines: 1 }]);
  });

  it("an end that was cut off while a run went on, though others wrote behind the cut", async () => {
    const path = join(directory(), "audit");
    const log = auditLog(path);
    for (let n = 0; n < 3; n++) log.listener(event(n));
    write(path, linesOf(path).slice(0, 2));
    for (let run = 0; run < 3; run++) written(path, 3);
    log.listener(event(4));
    expect((await verifyAuditLog(path)).problems).toMatchObject([{ what: "gap", line: 18 }]);
  });

  it("a log without a key that was made anew, to whoever remembered its head", async () => {
    const path = join(directory(), "audit");
    const expectHead = written(path, 3);
    rmSync(path);
    written(path, 3);
    expect(await verifyAuditLog(path)).toMatchObject({ problems: [] });
    expect((await verifyAuditLog(path, { expectHead })).problems).toMatchObject([{ what: "cut", line: 5 }]);
    writeFileSync(path, "");
    expect((await verifyAuditLog(path, { expectHead })).problems).toMatchObject([{ what: "cut", file: path, line: 1 }]);
  });

  it("files that are missing, moved or renamed, the oldest ones too", async () => {
    const base = directory();
    const path = join(base, "audit");
    written(path, 60, { maxBytes: 1000, keep: 5 });
    const files = filesOf(path);
    expect(files).toHaveLength(6);
    expect(await verifyAuditLog(path)).toMatchObject({ problems: [] });
    for (const file of files.slice(0, -1)) {
      renameSync(file, join(base, "elsewhere"));
      const { problems } = await verifyAuditLog(path);
      expect(problems, file).toMatchObject([{ what: "removed", line: 1 }]);
      renameSync(join(base, "elsewhere"), file);
    }
    for (let count = 1; count < 6; count++) {
      for (const file of files.slice(0, count)) renameSync(file, join(base, file.slice(-16)));
      expect(kinds(await verifyAuditLog(path)), `the ${count} oldest`).toContain("removed");
      for (const file of files.slice(0, count)) renameSync(join(base, file.slice(-16)), file);
    }
    copyFileSync(files[1] as string, `${path}.${"9".repeat(16)}`);
    expect(kinds(await verifyAuditLog(path))).toContain("removed");
    rmSync(`${path}.${"9".repeat(16)}`);
    renameSync(files[2] as string, `${path}.${"0".repeat(16)}`);
    expect(kinds(await verifyAuditLog(path))).toContain("removed");
  });

  it("a file that was put beside the others, which does not lead the log astray", async () => {
    const path = join(directory(), "audit");
    const options = { maxBytes: 1000, keep: 100 };
    written(path, 6, options);
    const planted = `${path}.${"9".repeat(16)}`;
    copyFileSync(path, planted);
    written(path, 20, options);
    expect(kinds(await verifyAuditLog(path))).toContain("removed");
    rmSync(planted);
    expect(await verifyAuditLog(path)).toMatchObject({ lines: 30, problems: [] });
  });

  it("the beginning of the oldest file, also after the log has put files aside since", async () => {
    const path = join(directory(), "audit");
    const options = { maxBytes: 1000, keep: 5 };
    written(path, 60, options);
    const oldest = filesOf(path)[3] as string;
    write(oldest, linesOf(oldest).slice(1));
    for (const file of filesOf(path).slice(0, 3)) rmSync(file);
    expect(kinds(await verifyAuditLog(path))).toEqual(["removed"]);
    written(path, 3, options);
    expect(filesOf(path).length).toBeGreaterThan(3);
    expect(kinds(await verifyAuditLog(path))).toEqual(["removed"]);
  });

  it("an end that was cut off, to whoever remembered its head; to others, that nothing proves it", async () => {
    const path = join(directory(), "audit");
    const early = written(path, 3);
    const head = written(path, 3);
    expect(await verifyAuditLog(path)).toMatchObject({ head, end: "unproven" });
    for (const expectHead of [early, head])
      expect(await verifyAuditLog(path, { expectHead })).toMatchObject({ head, end: "proven", problems: [] });
    const lines = linesOf(path);
    write(path, lines.slice(0, 7));
    expect(await verifyAuditLog(path)).toMatchObject({ open: 1, end: "unproven", problems: [] });
    expect(await verifyAuditLog(path, { expectHead: early })).toMatchObject({ end: "proven", problems: [] });
    const cut = { end: "cut", problems: [{ what: "cut", line: 7 }] };
    expect(await verifyAuditLog(path, { expectHead: head })).toMatchObject(cut);
    written(path, 10);
    expect(await verifyAuditLog(path, { expectHead: head })).toMatchObject({ end: "cut", problems: [{ what: "cut" }] });
    written(path, 100, { maxBytes: 1000, keep: 2 });
    const late = await verifyAuditLog(path, { expectHead: early });
    expect(late).toMatchObject({ end: "rotated-away", problems: [] });
  });
});

describe("with keys an audit log", () => {
  const [key, other] = [MasterKey.generate(), MasterKey.generate()];
  const idOf = ({ id }: MasterKey): string => toHex(id);

  it("that somebody made anew without one, or in part, is not believed, and is not called edited", async () => {
    const path = join(directory(), "audit");
    written(path, 3, { key });
    expect(await verifyAuditLog(path, { keys: [other, key] })).toMatchObject({ keyIds: [idOf(key)], problems: [] });
    written(path, 2);
    const unkeyed = { what: "unkeyed", line: 6, lines: 4 };
    expect((await verifyAuditLog(path, { keys: [key] })).problems).toEqual([{ file: path, ...unkeyed }]);
    rmSync(path);
    written(path, 2);
    expect((await verifyAuditLog(path)).problems).toEqual([]);
    for (const keys of [[key], []]) {
      const report = await verifyAuditLog(path, { keys });
      expect(report).toMatchObject({ keyIds: [], problems: [{ what: "unkeyed", line: 1, lines: 4 }] });
    }
  });

  it("verifies through a change of keys, and says when a key is no longer there", async () => {
    const path = join(directory(), "audit");
    const log = auditLog(path, { key, otherKeys: [other] });
    for (const each of [key, other, key, other]) written(path, 1, { key: each, otherKeys: [key, other] });
    log.close();
    const both = [idOf(key), idOf(other)].sort();
    expect(await verifyAuditLog(path, { keys: [key, other] })).toMatchObject({ keyIds: both, problems: [] });
    const keyId = idOf(key);
    const unknown = (line: number, lines: number) => ({ file: path, what: "unknown-key", keyId, line, lines });
    const revoked = [unknown(1, 4), unknown(8, 3), unknown(14, 1)];
    expect((await verifyAuditLog(path, { keys: [other] })).problems).toEqual(revoked);
    expect(kinds(await verifyAuditLog(path))).toEqual(Array(5).fill("unknown-key"));
    expect(kinds(await verifyAuditLog(path, { keys: [] }))).toEqual(Array(5).fill("unknown-key"));
  });

  it("with lines by an unknown key shows what was removed among them", async () => {
    const path = join(directory(), "audit");
    written(path, 6, { key });
    const lines = linesOf(path);
    write(path, [...lines.slice(0, 3), ...lines.slice(4)]);
    expect(kinds(await verifyAuditLog(path, { keys: [other] }))).toContain("removed");
  });

  it("that were replaced are vouched for by the lines after them: what was edited is not passed off as a revoked key's", async () => {
    const path = join(directory(), "audit");
    written(path, 2, { key });
    written(path, 2, { key: other, otherKeys: [key] });
    const text = readFileSync(path, "utf8");
    const lines = linesOf(path);
    const keys = [other];
    expect(kinds(await verifyAuditLog(path, { keys }))).toEqual(["unknown-key"]);
    writeFileSync(path, text.replace("0000000000000001", "0000000000000007"));
    expect((await verifyAuditLog(path, { keys })).problems).toMatchObject([
      { what: "unknown-key", line: 1, lines: 4 },
      { what: "edited", line: 3, lines: 1 },
    ]);
    const passedOff = (lines[5] as string).replace(idOf(other), idOf(key)).replace("0001", "0007");
    write(path, [...lines.slice(0, 5), passedOff, ...lines.slice(6)]);
    expect((await verifyAuditLog(path, { keys })).problems).toMatchObject([
      { what: "unknown-key", line: 1, lines: 4 },
      { what: "unknown-key", line: 6, lines: 1 },
      { what: "edited", line: 6, lines: 1 },
    ]);
  });

  it("shows a line that names another key than the one it was made with", async () => {
    const path = join(directory(), "audit");
    written(path, 1, { key });
    const text = readFileSync(path, "utf8");
    writeFileSync(path, text.replaceAll(idOf(key), idOf(other)));
    expect((await verifyAuditLog(path, { keys: [key, other] })).problems).toMatchObject([{ what: "edited", lines: 3 }]);
    writeFileSync(path, text.replaceAll(`"key":"${idOf(key)}",`, ""));
    expect(kinds(await verifyAuditLog(path))).toEqual(["edited"]);
  });

  it("tells one kind of problem beside many of another", async () => {
    const path = join(directory(), "audit");
    for (let run = 0; run < 1010; run++) auditLog(path, { key: run % 2 === 0 ? key : other, otherKeys: [key, other] });
    write(path, [...linesOf(path), "garbage"]);
    const report = await verifyAuditLog(path, { keys: [] });
    expect(report.problems).toHaveLength(1001);
    expect(report.problems.at(-1)).toMatchObject({ what: "unreadable", line: 1011 });
  });
});
