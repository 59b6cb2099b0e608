import { describe, expect, it } from "vitest";
import { type Call, parseTrace } from "../strace.mjs";
import { misordered, needless, overtaken, stepsIn } from "../sync-order.mjs";

const SOUND = `1 write(1<pipe:[9]>, "begin put\\n", 10) = 10
1 mkdir("/s/v1/entries/ab", 0700) = 0
1 pwrite64(7</s/v1/tmp/t>, "bytes"..., 5, 0) = 5
2 fsync(7</s/v1/tmp/t> <unfinished ...>
1 write(17<anon_inode:[eventfd]>, "\\1"..., 8) = 8
2 <... fsync resumed>)            = 0
1 rename("/s/v1/tmp/t", "/s/v1/entries/ab/abcd") = 0
2 fsync(7</s/v1/entries/ab>) = 0
2 fsync(7</s/v1/entries>) = 0
1 unlink("/s/v1/entries/cd/cdef") = 0
1 write(1<pipe:[9]>, "done put\\n", 9) = 9
2 fsync(7</s/v1/entries/ab>) = 0
`;

function judge(trace: string): string[] {
  const steps = stepsIn(trace);
  expect(steps.map(({ name }) => name)).toEqual(["put"]);
  return steps.flatMap((step) => [...misordered(step, "/s"), ...overtaken(step, "/s")]);
}

/** The trace with a line taken out, and put in before another. */
function moved(line: string, before?: string): string {
  const rest = SOUND.replace(`${line}\n`, "");
  expect(rest).not.toBe(SOUND);
  return before === undefined ? rest : rest.replace(before, `${line}\n${before}`);
}

describe("the rules about the order of syncs", () => {
  it("find nothing where the order is right, and calls in pieces whole", () => {
    expect(judge(SOUND)).toEqual([]);
    const sync = parseTrace(SOUND).find(({ name }) => name === "fsync") as Call;
    expect(sync).toMatchObject({ args: "7</s/v1/tmp/t>", result: "0", began: 3, ended: 5 });
  });

  it("find bytes that are synced late, or not at all, or before the last of them was written", () => {
    const late = "1 rename(";
    const bytes = /^put: the bytes of .* were not on the medium before/;
    expect(judge(moved("2 <... fsync resumed>)            = 0", "2 fsync(7</s/v1/entries>)"))[0]).toMatch(bytes);
    expect(judge(moved("2 <... fsync resumed>)            = 0"))[0]).toMatch(bytes);
    expect(judge(moved('1 pwrite64(7</s/v1/tmp/t>, "bytes"..., 5, 0) = 5', late))[0]).toMatch(bytes);
  });

  it("find a name that is not synced before the promise resolves, nor that of a new directory", () => {
    expect(judge(moved("2 fsync(7</s/v1/entries/ab>) = 0", "1 rename("))[0]).toMatch(/^put: the name .*abcd was not/);
    expect(judge(moved("2 fsync(7</s/v1/entries>) = 0"))).toEqual([
      "put: the directory /s/v1/entries/ab was not on the medium at the end",
    ]);
  });

  it("find what is removed before its successor is on the medium", () => {
    expect(judge(moved('1 unlink("/s/v1/entries/cd/cdef") = 0', "2 fsync(7</s/v1/entries/ab>) = 0"))[0]).toMatch(
      /^put: unlink of .*cdef came before .*abcd was on the medium/,
    );
  });

  it("find a sync where none was asked for, but for the layout's", () => {
    const [step] = stepsIn(SOUND.replaceAll("/s/v1/entries/ab/abcd", "/s/v1/layout"));
    expect(needless(step as NonNullable<typeof step>)).toEqual([
      "put: undurably, /s/v1/entries/ab was synced",
      "put: undurably, /s/v1/entries was synced",
    ]);
  });
});
