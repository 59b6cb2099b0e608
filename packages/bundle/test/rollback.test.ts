import type { MonotonicStore, Seen } from "@cache/core";
import { toHex } from "@cache/core/bytes";
import { describe, expect, it } from "vitest";
import { type CreateOptions, extractBundle, extractionCache, verifyBundle } from "../src/index.ts";
import { TRUSTED, useBench } from "./bench.ts";

const bench = useBench();

/** What a process remembers, in memory. */
class Memory implements MonotonicStore {
  readonly seen = new Map<string, Seen>();

  async get(scope: Uint8Array): Promise<Seen | undefined> {
    return this.seen.get(toHex(scope));
  }

  async advance(scope: Uint8Array, seen: Seen): Promise<Seen> {
    const before = this.seen.get(toHex(scope));
    if (before !== undefined && before.sequence >= seen.sequence) return before;
    this.seen.set(toHex(scope), seen);
    return seen;
  }
}

const code = async (work: Promise<unknown>) =>
  ((await work.catch((error: unknown) => error)) as { code?: string }).code;
const make = (sequence: number, more: Partial<CreateOptions> = {}) =>
  bench().make({ sequence, version: String(sequence), ...more });

describe("a memory of what was seen", () => {
  it("A4: PW22: an older package that is put back is refused, by every way to use it", async () => {
    const [rollback, old] = [new Memory(), await make(1)];
    const options = { ...TRUSTED, rollback };
    expect(await verifyBundle(bench().file, options)).toMatchObject({ version: "1", rollbackChecked: true });
    await make(2);
    expect(await verifyBundle(bench().file, options)).toMatchObject({ version: "2" });
    bench().put(old);
    expect(await verifyBundle(bench().file, TRUSTED)).toMatchObject({ version: "1", rollbackChecked: false });
    expect(await code(verifyBundle(bench().file, options))).toBe("ERR_CACHE_ROLLBACK");
    expect(await code(extractBundle(bench().file, bench().path("out"), options))).toBe("ERR_CACHE_ROLLBACK");
    const cache = extractionCache(bench().path("extracted"));
    expect(await code(cache.use(bench().file, options, async () => 1))).toBe("ERR_CACHE_ROLLBACK");
    expect(bench().names()).toEqual(["tool.bundle"]);
  });

  it("another package of the same sequence is refused, the same one is not", async () => {
    const rollback = new Memory();
    await make(5);
    for (const _ of [1, 2]) expect(await code(verifyBundle(bench().file, { ...TRUSTED, rollback }))).toBeUndefined();
    await make(5, { version: "other" });
    expect(await code(verifyBundle(bench().file, { ...TRUSTED, rollback }))).toBe("ERR_CACHE_ROLLBACK");
  });

  it("what was refused is not remembered, nor one of another name or namespace", async () => {
    const rollback = new Memory();
    const bytes = await make(9);
    bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
    bench().put(bytes);
    expect(await code(verifyBundle(bench().file, { ...TRUSTED, rollback }))).toBe("ERR_CACHE_AUTH");
    expect(rollback.seen.size).toBe(0);
    for (const more of [{ name: "other" }, { namespace: "other" }]) {
      await make(9, more);
      expect(await code(verifyBundle(bench().file, { ...TRUSTED, ...more, rollback }))).toBeUndefined();
    }
    await make(1);
    expect(await code(verifyBundle(bench().file, { ...TRUSTED, rollback }))).toBeUndefined();
    expect(rollback.seen.size).toBe(3);
  });

  it("a sequence from the future is refused, and so is one that another process outran meanwhile", async () => {
    const now = () => 1_000_000;
    await make(1_300_001);
    expect(await code(verifyBundle(bench().file, { ...TRUSTED, rollback: new Memory(), now }))).toBe(
      "ERR_CACHE_ROLLBACK",
    );
    await make(1_300_000);
    const outrun = new Memory();
    outrun.advance = async () => ({ sequence: 1_300_001, digest: new Uint8Array(32) });
    expect(await code(verifyBundle(bench().file, { ...TRUSTED, rollback: outrun, now }))).toBe("ERR_CACHE_ROLLBACK");
    expect(await code(verifyBundle(bench().file, { ...TRUSTED, rollback: new Memory(), now }))).toBeUndefined();
  });

  it("a memory that fails is a failure, never nothing seen", async () => {
    await make(1);
    const broken = { get: () => Promise.reject(new Error("gone")), advance: () => Promise.reject(new Error("gone")) };
    expect(await code(verifyBundle(bench().file, { ...TRUSTED, rollback: broken }))).toBe("ERR_CACHE_STORE");
  });
});
