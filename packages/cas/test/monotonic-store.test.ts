import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { monotonicStore } from "../src/index.ts";
import { failureOf, newDirectory } from "./directories.ts";
import { Installed } from "./installed.ts";

const installed = new Installed();
const scope = new Uint8Array(32).fill(7);
const digestOf = (byte: number) => new Uint8Array(32).fill(byte);
const seen = (sequence: number, byte = 1) => ({ sequence, digest: digestOf(byte) });

describe("a monotonic store", () => {
  it("remembers the newest of each name, for every handle, and makes nothing by looking", async () => {
    const directory = newDirectory();
    const store = monotonicStore(directory);
    expect(await store.get(scope)).toBeUndefined();
    expect(existsSync(directory)).toBe(false);
    expect(await store.advance(scope, seen(5))).toEqual(seen(5));
    expect(await monotonicStore(directory).get(scope)).toEqual(seen(5));
    expect(await store.get(new Uint8Array(32))).toBeUndefined();
  });

  it("never goes back, whatever the order, and of one sequence keeps the first", async () => {
    const sequence = fc.oneof(fc.nat(20), fc.constant(Number.MAX_SAFE_INTEGER), fc.nat());
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(sequence, fc.nat(3)), { minLength: 1 }), async (steps) => {
        const store = monotonicStore(newDirectory());
        let newest: ReturnType<typeof seen> | undefined;
        for (const [number, byte] of steps) {
          if (newest === undefined || number > newest.sequence) newest = seen(number, byte);
          expect(await store.advance(scope, seen(number, byte))).toEqual(newest);
          expect(await store.get(scope)).toEqual(newest);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("takes a file for none of its own whose name is beyond every sequence", async () => {
    const directory = newDirectory();
    const store = monotonicStore(directory);
    await store.advance(scope, seen(5));
    const hex = Buffer.from(scope).toString("hex");
    for (const name of ["0020000000000000", "ffffffffffffffff"]) {
      symlinkSync(hex, join(directory, "v1", hex.slice(0, 2), hex, name));
    }
    expect(await store.get(scope)).toEqual(seen(5));
    expect(await store.advance(scope, seen(Number.MAX_SAFE_INTEGER))).toEqual(seen(Number.MAX_SAFE_INTEGER));
    expect(await store.get(scope)).toEqual(seen(Number.MAX_SAFE_INTEGER));
  });

  it("keeps one file a name, in directories that are the user's alone", async () => {
    const directory = newDirectory();
    const store = monotonicStore(directory);
    for (let i = 0; i < 20; i++) await store.advance(scope, seen(i));
    const files = readdirSync(directory, { recursive: true, encoding: "utf8" });
    expect(files.filter((file) => /[0-9a-f]{16}$/.test(file) && !/[0-9a-f]{32}$/.test(file))).toHaveLength(1);
    expect(lstatSync(directory).mode & 0o777).toBe(0o700);
    expect(lstatSync(join(directory, "v1")).mode & 0o777).toBe(0o700);
  });

  it("is refused in a directory that others can write to", async () => {
    const directory = newDirectory();
    mkdirSync(directory);
    chmodSync(directory, 0o777);
    const store = monotonicStore(directory);
    expect((await failureOf(store.get(scope))).code).toBe("ERR_CACHE_UNSAFE_PATH");
    expect((await failureOf(store.advance(scope, seen(1)))).code).toBe("ERR_CACHE_UNSAFE_PATH");
    expect(() => monotonicStore("")).toThrow(TypeError);
  });

  it("has a path for a directory, and a scope of 32 bytes", async () => {
    for (const path of [undefined, 5, "", "/tmp/\0"])
      expect(() => monotonicStore(path as string)).toThrow(/the directory of a monotonic store is a path/);
    const store = monotonicStore(newDirectory());
    await store.advance(scope, seen(1));
    for (const wrong of [new Uint8Array(0), new Uint8Array(31), new Uint8Array(33)]) {
      await expect(store.get(wrong)).rejects.toThrow(new TypeError("a scope has 32 bytes"));
      await expect(store.advance(wrong, seen(1))).rejects.toThrow(new TypeError("a scope has 32 bytes"));
    }
  });

  it("says that what it remembered is damaged, and takes it neither for nothing nor for another digest", async () => {
    const directory = newDirectory();
    const store = monotonicStore(directory);
    await store.advance(scope, seen(5));
    const hex = Buffer.from(scope).toString("hex");
    const place = join(directory, "v1", hex.slice(0, 2), hex);
    const [file] = readdirSync(place) as [string];
    for (const text of ["f".repeat(63), "f".repeat(65), "F".repeat(64), "elsewhere"]) {
      rmSync(join(place, file));
      symlinkSync(text, join(place, file));
      expect((await failureOf(store.get(scope))).code).toBe("ERR_CACHE_STORE");
      expect((await failureOf(store.advance(scope, seen(6)))).code).toBe("ERR_CACHE_STORE");
    }
  });

  it("eight processes advance one name: none ever sees it go back, and all agree in the end", async () => {
    const directory = newDirectory();
    const program = `
      import { monotonicStore } from "@cache/cas";
      const store = monotonicStore(args[0]);
      const scope = new Uint8Array(32).fill(7);
      let last = { sequence: -1 };
      const check = (now) => {
        if (now.sequence < last.sequence) throw new Error("went back");
        if (now.sequence === last.sequence && !Buffer.from(now.digest).equals(last.digest)) throw new Error("changed");
        last = now;
      };
      let own = 0;
      for (let i = 0; i < 400; i++) {
        const before = await store.get(scope);
        if (before) check(before);
        const sequence = (before?.sequence ?? 0) + 1;
        const now = await store.advance(scope, { sequence, digest: new Uint8Array(32).fill(Number(args[1])) });
        check(now);
        if (now.sequence === sequence && now.digest[0] === Number(args[1])) own++;
      }
      console.log(own);`;
    const ended = await Promise.all(
      Array.from({ length: 8 }, (_, i) => installed.run(program, { args: [directory, String(i + 1)] })),
    );
    expect(ended.map(({ err }) => err).join("")).toBe("");
    const owned = ended.reduce((sum, { out }) => sum + Number(out), 0);
    // No sequence had two winners; of some the winner had been passed before it could look.
    expect(owned).toBeGreaterThan(400);
    expect((await monotonicStore(directory).get(scope))?.sequence).toBeGreaterThanOrEqual(owned);
  });

  it("a writer that is killed at any moment takes nothing back", async () => {
    const directory = newDirectory();
    for (let round = 0; round < 8; round++) {
      const writer = installed.start(
        `import { monotonicStore } from "@cache/cas"; import { writeSync } from "node:fs";
         const store = monotonicStore(args[0]); const scope = new Uint8Array(32).fill(7);
         let { sequence = 0 } = (await store.get(scope)) ?? {};
         for (;;) { await store.advance(scope, { sequence: ++sequence, digest: new Uint8Array(32) }); writeSync(1, sequence + "\\n"); }`,
        { args: [directory] },
      );
      await writer.lines(1);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
      writer.process.kill("SIGKILL");
      const told = Number((await writer.ended).out.trim().split("\n").at(-1));
      const kept = (await monotonicStore(directory).get(scope))?.sequence as number;
      expect([told, told + 1]).toContain(kept);
    }
  });
});
