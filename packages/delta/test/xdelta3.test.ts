import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { xdelta3Engine } from "@cache/delta";
import { describe, expect, it, onTestFinished } from "vitest";
import { collect, edited, joined, noise, stream } from "./inputs.ts";

const isThere = process.platform !== "win32" && spawnSync("xdelta3", ["-V"]).error === undefined;
const left = () =>
  ["/dev/shm", tmpdir()].flatMap((at) => listing(at)).filter((name) => name.startsWith("cache-delta-"));

function listing(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

/** An engine over a program of our own making. */
function imitation(script: string, timeout?: number) {
  const path = mkdtempSync(join(tmpdir(), "imitation-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  const program = join(path, "program");
  writeFileSync(program, `#!${process.execPath}\n${script}`);
  chmodSync(program, 0o700);
  return xdelta3Engine({ program, timeout });
}

describe.skipIf(!isThere)("xdelta3Engine", () => {
  const engine = xdelta3Engine();
  const reference = noise(3_000_000, 1);
  const target = edited(reference, 2);

  it("makes and reads deltas, and leaves no file behind", async () => {
    const delta = await collect(engine.encode(reference, stream(target)));
    expect(delta.byteLength).toBeLessThan(2000);
    expect(await collect(engine.decode(reference, stream(delta), { size: target.byteLength }))).toEqual(target);
    expect(left()).toEqual([]);
  });

  it("finds what lies at the other end of the reference", async () => {
    const moved = joined(reference.subarray(2_900_000), reference.subarray(0, 100_000));
    expect((await collect(engine.encode(reference, stream(moved)))).byteLength).toBeLessThan(2000);
  });

  it("refuses what is no delta, what gives more than it may, and what is for another reference", async () => {
    const delta = await collect(engine.encode(reference, stream(target)));
    const refusal = { code: "ERR_CACHE_FORMAT" };
    for (const [of, bytes, size] of [
      [reference, noise(1000, 1), target.byteLength],
      [reference, delta.subarray(0, 200), target.byteLength],
      [reference, delta, 1000],
      [noise(3_000_000, 9), delta, target.byteLength],
    ] as const) {
      await expect(collect(engine.decode(of, stream(bytes), { size }))).rejects.toMatchObject(refusal);
    }
  });

  it("unpacks nothing by further programs, whatever the bytes look like", async () => {
    const gzip = joined(Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3), noise(1000, 4));
    const delta = await collect(engine.encode(gzip, stream(gzip)));
    expect(await collect(engine.decode(gzip, stream(delta), { size: gzip.byteLength }))).toEqual(gzip);
  });
});

describe.skipIf(process.platform === "win32")("a program behind xdelta3Engine", () => {
  const input = noise(200_000, 1);
  const failed = { code: "ERR_CACHE_ENGINE" };

  it("that is not there is an error of its own, and no miss", async () => {
    const engine = xdelta3Engine({ program: "no-such-program-at-all" });
    await expect(collect(engine.encode(input, stream(input)))).rejects.toMatchObject(failed);
    await expect(collect(engine.decode(input, stream(input), { size: 1 }))).rejects.toMatchObject(failed);
    expect(left()).toEqual([]);
  });

  it("that never ends is stopped after its time, or by the caller", async () => {
    const forever = "setInterval(() => {}, 1000); process.stdout.write('begun')";
    await expect(collect(imitation(forever, 300).encode(input, stream(input)))).rejects.toMatchObject(failed);
    const controller = new AbortController();
    const run = imitation(forever).encode(input, stream(input), { signal: controller.signal })[Symbol.asyncIterator]();
    expect(Buffer.from((await run.next()).value as Uint8Array).toString()).toBe("begun");
    controller.abort(new Error("enough"));
    await expect(run.next()).rejects.toThrow("enough");
  });

  it("gets its reference, a path and nothing else of the environment, and no shell", async () => {
    const tell = `const fs = require("node:fs");
      const reference = fs.readFileSync("/dev/fd/3").length;
      process.stdout.write(JSON.stringify({ reference, names: Object.keys(process.env), args: process.argv.slice(2) }))`;
    process.env.XDELTA = "-v";
    onTestFinished(() => {
      delete process.env.XDELTA;
    });
    const told = JSON.parse(Buffer.from(await collect(imitation(tell).encode(input, stream(input)))).toString());
    expect(told).toMatchObject({ reference: input.byteLength });
    expect(told.names.filter((name: string) => !name.startsWith("__"))).toEqual(["PATH"]);
    expect(told.args).toContain("-D");
  });

  it("that writes without end is stopped at the size", async () => {
    const flood = "const all = Buffer.alloc(65536); const more = () => process.stdout.write(all, more); more()";
    await expect(collect(imitation(flood).decode(input, stream(input), { size: 100_000 }))).rejects.toMatchObject({
      code: "ERR_CACHE_FORMAT",
    });
  });

  it("does not hide what its input throws", async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield input;
      throw new RangeError("the input");
    }
    await expect(collect(imitation("process.stdin.resume()").encode(input, failing()))).rejects.toThrow(RangeError);
  });

  it("has a name and a time, and no other options", () => {
    for (const options of [{ program: "" }, { timeout: "soon" }, { progam: "x" }, { program: "a\0b" }]) {
      expect(() => xdelta3Engine(options as never)).toThrow(TypeError);
    }
  });
});
