import { toHex, utf8 } from "@cache/core/bytes";
import { signingKeyFromSeed } from "@cache/crypto-envelope/passphrase";
import { describe, expect, it } from "vitest";
import * as native from "../src/kdf/node.ts";
import * as portable from "../src/kdf/portable.ts";

const WEAK = { code: "ERR_CACHE_WEAK_KEY" };

describe("a key from a seed", () => {
  it("is the known answer, each time, and leaves the caller's bytes alone", async () => {
    const seed = utf8("a seed that this page publishes");
    const key = await signingKeyFromSeed(seed);
    expect(toHex(key.reveal())).toBe("7128119f3848db40b9d3a16dc29219800dd2715f850405451bd14a8eea62a539");
    expect(toHex(key.id)).toBe("3a5f49d7266977d40bd1dea95aecb647");
    expect(seed).toEqual(utf8("a seed that this page publishes"));
  });

  it("is another one when a byte is added, a line feed too", async () => {
    const key = await signingKeyFromSeed(utf8("a seed that this page publishes\n"));
    expect(toHex(key.id)).not.toBe("3a5f49d7266977d40bd1dea95aecb647");
  });

  it("costs the same derivation on every platform", async () => {
    const [seed, salt] = [utf8("a seed that this page publishes"), utf8("cache/v1/key-from-seed/ed25519")];
    expect(await portable.scrypt(seed, salt, 10)).toEqual(await native.scrypt(seed, salt, 10));
  });

  it.each([
    ["nothing", ""],
    ["15 bytes", "g7Kq2-xP9w_Zr4T"],
    ["more than 1024 bytes", Array.from({ length: 33 }, (_, i) => i.toString(36).repeat(31) + "x").join("-")],
    ["one byte again and again", "a".repeat(40)],
    ["few different bytes", "abcabdacbabdacbabcdabdcacbd"],
    ["a word twice", "password1password1"],
    ["a word two and a half times", "password1password1pass"],
    ["the alphabet", "abcdefghijklmnopqrstuvwxyz"],
    ["the alphabet, back", "zyxwvutsrqponmlkjihgfedcba"],
  ])("is not made of %s", async (_, seed) => {
    await expect(signingKeyFromSeed(utf8(seed))).rejects.toMatchObject(WEAK);
  });

  it("is not made of a counter that passes 255, nor of text, nor told of in a message", async () => {
    const counter = Uint8Array.from({ length: 32 }, (_, i) => (240 + i) % 256);
    await expect(signingKeyFromSeed(counter)).rejects.toMatchObject(WEAK);
    await expect(signingKeyFromSeed("a seed that this page publishes" as never)).rejects.toThrow(TypeError);
    await expect(signingKeyFromSeed(utf8("password1password1"))).rejects.not.toThrow("password1");
  });
});
