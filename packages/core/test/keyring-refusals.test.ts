import { toHex } from "@cache/core/bytes";
import {
  encodeKeyring,
  formatKey,
  Keyring,
  keyringGetter,
  MasterKey,
  parseKey,
  parseKeyring,
  promoteKey,
  SigningKey,
} from "@cache/core/keyring";
import { keyringFromSources, readKeyringFile } from "@cache/core/keyring-file";
import { describe, expect, it } from "vitest";
import { newFile } from "./files.ts";
import { code } from "./keys.ts";

const key = MasterKey.generate();
const text = encodeKeyring(Keyring.of(key));
const malformed = "ERR_CACHE_KEY_FORMAT";

/** The keyring with something else in one of its fields. */
const changed = (change: (file: Record<string, unknown>, first: Record<string, unknown>) => void): string => {
  const file = JSON.parse(text);
  change(file, file.keys[0]);
  return JSON.stringify(file);
};

function told(parse: () => unknown, why: RegExp): void {
  expect(parse).toThrow(code(malformed));
  expect(parse).toThrow(why);
}

describe("a refusal of keys says what is wrong with them and not what came of it", () => {
  it.each([[5], ["text"], [[]], [[{}]], [null]])("in a JSON keyring a key that is %j is no object", (value) => {
    told(() => parseKeyring(changed((file) => Object.assign(file, { keys: [value] }))), /an object is expected/);
  });

  it.each([
    ["id", [toHex(key.id)], /an id/],
    ["type", "aes", /an unknown type/],
    ["type", 5, /an unknown type/],
    ["status", "lost", /an unknown status/],
    ["created", 5, /a date is text/],
    ["secret", undefined, /needs its "secret"/],
    ["secret", 5, /needs its "secret"/],
  ])("in a JSON keyring: the field %s of a key that is %j", (field, value, why) => {
    told(() => parseKeyring(changed((_, first) => Object.assign(first, { [field]: value }))), why);
  });

  it.each([[undefined], ["1"], [null]])("in a JSON keyring: a generation that is %j", (generation) => {
    told(() => parseKeyring(changed((file) => Object.assign(file, { generation }))), /it has no generation/);
  });

  it("a string that is none of a key is told from one whose check does not hold", () => {
    for (const wrong of ["", "cachek1", formatKey(key).slice(0, -1), `${formatKey(key)}=`])
      told(() => parseKey(wrong), /not a key string of the form/);
  });

  it("a keyring is text, of at most 256 KiB, and keys are no strings", () => {
    expect(() => parseKeyring(5 as unknown as string)).toThrow(/the keys are given as text/);
    const list = formatKey(key);
    expect(parseKeyring(`${list}\n`.padEnd(262_144, "#")).primary?.id).toEqual(key.id);
    told(() => parseKeyring(`${list}\n`.padEnd(262_145, "#")), /at most 256 KiB/);
    for (const none of [list, undefined, null, {}])
      expect(() => Keyring.of(key, none as unknown as MasterKey)).toThrow(/a keyring is made of keys/);
  });

  it("M40: printable text of many different characters is no key", () => {
    const printable = new TextEncoder().encode("abcdefghijklmnopqrstuvwxyz ~0123");
    expect(() => MasterKey.import(printable)).toThrow(code("ERR_CACHE_WEAK_KEY"));
    for (const byte of [0x1f, 0x7f]) expect(MasterKey.import(printable.fill(byte, 0, 1)).type).toBe("master");
  });

  it("M48: a public key cannot be promoted, and that is why", () => {
    const { publicKey } = SigningKey.generate();
    const promoted = () => promoteKey(Keyring.of(key, publicKey), publicKey.id);
    expect(promoted).toThrow(code("ERR_CACHE_KEY_TYPE"));
    expect(promoted).toThrow(/a public key cannot write/);
  });

  it("M39: a path of nothing is told from a file that is not there", async () => {
    for (const sources of [{ environment: {}, file: "" }, { environment: { CACHE_KEYRING_FILE: "" } }])
      await expect(keyringFromSources(sources)).rejects.toThrow(/is set to nothing/);
  });

  it.runIf(process.platform === "linux")("a file whose size is not known is too large, and no bad text", async () => {
    const read = readKeyringFile("/proc/kallsyms", { permissions: "relaxed" });
    await expect(read).rejects.toThrow(/has more than 256 KiB/);
    await expect(readKeyringFile(newFile(new Uint8Array(262_145)))).rejects.toThrow(/has more than 256 KiB/);
  });

  it("M39: what gives no keyring is no source of one", () => {
    for (const none of [undefined, null, {}, "keys"]) {
      expect(() => keyringGetter(none as unknown as Keyring)).toThrow(TypeError);
      expect(() => keyringGetter(() => none as unknown as Keyring)()).toThrow(TypeError);
    }
  });
});
