import { statSync, utimesSync, writeFileSync } from "node:fs";
import { formatKey } from "@cache/core/keyring";
import { ed25519Signer } from "@cache/signer";
import { describe, expect, it } from "vitest";
import { cosignBundle, createBundle } from "../src/index.ts";
import { identity, maker, noise, stranger, text, useBench } from "./bench.ts";

const bench = useBench();
const make = (members: Parameters<typeof createBundle>[1], more: object = {}) =>
  createBundle(bench().file, members, { name: "tool", sign: maker, ...more });

describe("where a package is made", () => {
  it("another package gives way, whatever became of it, and no other file does", async () => {
    const before = await bench().make();
    const further = ed25519Signer({ identity: stranger, trusted: [identity.publicKey] });
    const signature = await cosignBundle(bench().file, { name: "tool", sign: further });
    // A record of a later version may be anything.
    const later = before.map((byte, at) => (at === 8 ? 99 : byte));
    for (const precious of [text(formatKey(identity)), text("words"), new Uint8Array(0), signature, later]) {
      bench().put(precious);
      await expect(make([{ path: "a" }])).rejects.toMatchObject({ code: "ERR_CACHE_UNSAFE_PATH" });
      expect(Buffer.compare(bench().bytes(), precious)).toBe(0);
    }
    bench().put(before.subarray(0, 400));
    expect((await make([{ path: "a" }])).members).toBe(1);
    expect(bench().names()).toEqual(["tool.bundle"]);
  });

  it.skipIf(process.platform === "win32")("nobody else reads what is not whole yet", async () => {
    const modes = new Set<number>();
    let most = 0;
    const look = (): void => {
      const names = bench().names();
      const temporary = names.filter((name) => name.endsWith(".tmp"));
      most = Math.max(most, temporary.length);
      for (const name of temporary) {
        const { size, mode } = statSync(bench().path(name));
        if (size > 0 && size < 7_000_000) modes.add(mode & 0o777);
      }
      if (!names.includes("tool.bundle")) setImmediate(look);
    };
    setImmediate(look);
    await make([{ path: "a", content: noise(8_000_000) }]);
    // What its members are kept in, and the package itself.
    expect([most, [...modes]]).toEqual([2, [0o600]]);
    expect(statSync(bench().file).mode & 0o400).toBe(0o400);
  });

  it("what a killed process left of this package a day ago goes, and nothing else", async () => {
    const id = "01234567-89ab-4def-8123-456789abcdef";
    const old = new Date(Date.now() - 2 * 86_400_000);
    const names = [
      `.tool.bundle.${id}.tmp`,
      `.other.bundle.${id}.tmp`,
      ".tool.bundle.notes.tmp",
      `.tool.bundle.x.${id}.tmp`,
    ];
    for (const name of names) {
      writeFileSync(bench().path(name), "part");
      utimesSync(bench().path(name), old, old);
    }
    const fresh = `.tool.bundle.${id.replace("0", "1")}.tmp`;
    writeFileSync(bench().path(fresh), "part of another process");
    await bench().make();
    expect(bench().names()).toEqual([...names.slice(1), fresh, "tool.bundle"].sort());
  });

  it.each([
    ["within a member", false],
    ["while the package is written", true],
  ])("an abort %s ends it, and leaves what was there", async (_, writing) => {
    const before = await bench().make();
    const stop = new AbortController();
    const content = async function* () {
      for (let at = 0; at < 8; at++) {
        if (at === 4 && !writing) stop.abort("stopped");
        yield noise(1000);
      }
    };
    const sign = {
      ...maker,
      sign(message: Uint8Array) {
        if (writing) stop.abort("stopped");
        return maker.sign(message);
      },
    };
    await expect(make([{ path: "a", content }], { sign, signal: stop.signal })).rejects.toBe("stopped");
    expect(bench().names()).toEqual(["tool.bundle"]);
    expect(Buffer.compare(bench().bytes(), before)).toBe(0);
  });
});
