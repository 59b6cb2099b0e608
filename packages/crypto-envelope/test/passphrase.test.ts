import { scryptSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { concat, fromHex, pae, utf8 } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import { addKey, encodeKeyring, formatKey, Keyring, MasterKey, parseKeyring } from "@cache/core/keyring";
import {
  createKeyringFile,
  keyringFromSources,
  protectKeyringFile,
  readKeyringFile,
  updateKeyringFile,
} from "@cache/core/keyring-file";
import { aead, sealMessage } from "@cache/crypto-envelope/hazmat";
import { passphraseProtection } from "@cache/crypto-envelope/passphrase";
import { expect, onTestFinished, test } from "vitest";
import * as native from "../src/kdf/node.ts";
import * as portable from "../src/kdf/portable.ts";

const PASSPHRASE = "correct horse battery staple";
const master = MasterKey.generate();
const keyring = Keyring.of(master);
const plain = utf8(encodeKeyring(keyring));
const REFUSED = { code: "ERR_CACHE_PASSPHRASE" };

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), "cache-passphrase-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

interface Made {
  readonly passphrase?: string;
  readonly logN?: number;
  readonly head?: (head: Uint8Array) => void;
}

/** A protected keyring, made by the format document and not by the code under test. */
function byTheDocument({ passphrase = PASSPHRASE, logN = 15, head: change }: Made = {}): Uint8Array {
  const head = concat(
    fromHex("89434b52570d0a1a") as Uint8Array,
    Uint8Array.of(1, 1, logN, 8, 1, 0, 0, 0),
    new Uint8Array(16).fill(9),
  );
  change?.(head);
  const salt = concat(utf8("cache/v1/keyring-wrap"), head.subarray(16));
  const key = scryptSync(passphrase.normalize("NFC"), salt, 32, { N: 2 ** 15, r: 8, p: 1, maxmem: 2 ** 26 });
  const primitives = { crypto, aead: aead.suite(2) };
  return concat(head, sealMessage(primitives, key, pae("cache/v1/keyring-wrap", head), plain));
}

test("scrypt answers as RFC 7914 says, on both providers", async () => {
  // Section 12, third case; of its 64 bytes the first block.
  const expected = fromHex("7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2");
  for (const { scrypt } of [native, portable]) {
    expect(await scrypt(utf8("pleaseletmein"), utf8("SodiumChloride"), 14)).toEqual(expected);
  }
});

test("the format document describes what is opened", async () => {
  const opened = await passphraseProtection(PASSPHRASE).unprotect(byTheDocument());
  expect(parseKeyring(new TextDecoder().decode(opened)).primary?.id).toEqual(master.id);
});

test("a passphrase is the same however its letters are composed, and may come from a function", async () => {
  const stored = byTheDocument({ passphrase: "caf\u00e9 au lait, s'il vous pla\u00eet" });
  const ask = async () => "cafe\u0301 au lait, s'il vous plai\u0302t";
  await expect(passphraseProtection(ask).unprotect(stored)).resolves.toEqual(plain);
});

test("M51: another passphrase, or any byte changed, opens nothing", async () => {
  const stored = byTheDocument();
  await expect(passphraseProtection(`${PASSPHRASE}.`).unprotect(stored)).rejects.toMatchObject(REFUSED);
  const protection = passphraseProtection(PASSPHRASE);
  await protection.unprotect(stored);
  for (const at of [32, 55, 56, 87, 88, 200, stored.length - 1]) {
    const damaged = stored.map((byte, i) => (i === at ? byte ^ 1 : byte));
    await expect(protection.unprotect(damaged), `byte ${at}`).rejects.toMatchObject(REFUSED);
  }
  await expect(protection.unprotect(stored.subarray(0, -1))).rejects.toMatchObject(REFUSED);
  await expect(protection.unprotect(stored.map((byte, i) => (i === 20 ? byte ^ 1 : byte)))).rejects.toMatchObject(
    REFUSED,
  );
});

test("a right passphrase that was given before does not let a wrong one through", async () => {
  const stored = byTheDocument();
  let given = PASSPHRASE;
  const protection = passphraseProtection(() => given);
  await protection.unprotect(stored);
  given = "another passphrase";
  await expect(protection.unprotect(stored)).rejects.toMatchObject(REFUSED);
});

test("M51: what no writer would have written is refused before the passphrase is asked for", async () => {
  const asked = () => {
    throw new Error("asked");
  };
  const { unprotect } = passphraseProtection(asked);
  const malformed = { code: "ERR_CACHE_KEY_FORMAT" };
  for (const logN of [0, 14, 21, 63, 255]) {
    await expect(unprotect(byTheDocument({ logN })), `log N ${logN}`).rejects.toMatchObject(malformed);
  }
  for (const at of [0, 11, 12, 13, 15]) {
    const head = (bytes: Uint8Array) => bytes.set([77], at);
    await expect(unprotect(byTheDocument({ head })), `byte ${at}`).rejects.toMatchObject(malformed);
  }
  for (const at of [8, 9]) {
    const head = (bytes: Uint8Array) => bytes.set([77], at);
    const later = { code: "ERR_CACHE_UNSUPPORTED_VERSION" };
    await expect(unprotect(byTheDocument({ head })), `byte ${at}`).rejects.toMatchObject(later);
  }
  for (const length of [0, 8, 16, 31]) {
    const beginning = byTheDocument().subarray(0, length);
    await expect(unprotect(beginning), `${length} bytes`).rejects.toMatchObject(malformed);
  }
});

test("what is no passphrase is told from one that is wrong", async () => {
  await expect(passphraseProtection("").unprotect(byTheDocument())).rejects.toThrow(/the passphrase is empty/);
  const nobody = () => undefined as unknown as string;
  await expect(passphraseProtection(nobody).unprotect(byTheDocument())).rejects.toThrow(/a passphrase is text/);
});

test("a passphrase that is short protects nothing, and opens what is there", async () => {
  await expect(passphraseProtection("eleven char").protect(plain)).rejects.toMatchObject(REFUSED);
  await expect(passphraseProtection("").unprotect(byTheDocument())).rejects.toMatchObject(REFUSED);
  await expect(passphraseProtection(5 as never).protect(plain)).rejects.toThrow(TypeError);
  await expect(passphraseProtection("short").unprotect(byTheDocument({ passphrase: "short" }))).resolves.toEqual(plain);
});

test("a keyring file that is protected holds no secret, is private, and opens with the passphrase only", async () => {
  const path = join(directory(), "private", "keys");
  const protection = passphraseProtection(PASSPHRASE);
  await createKeyringFile(path, keyring, { protection });
  const stored = readFileSync(path);
  expect(stored.includes("cachek1")).toBe(false);
  expect(stored.includes(formatKey(master).slice(8, 20))).toBe(false);
  expect(stored[10]).toBe(17);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect((await readKeyringFile(path, { protection })).primary?.id).toEqual(master.id);
  const fromSources = await keyringFromSources({ environment: {}, file: path, protection });
  expect(fromSources?.primary?.id).toEqual(master.id);
  await expect(readKeyringFile(path)).rejects.toMatchObject(REFUSED);
  const other = passphraseProtection("a passphrase of somebody else");
  await expect(readKeyringFile(path, { protection: other })).rejects.toMatchObject(REFUSED);
  await expect(updateKeyringFile(path, () => keyring, { protection: other })).rejects.toMatchObject(REFUSED);
  expect(readFileSync(path)).toEqual(stored);
});

test("a change keeps the protection, under a salt of its own", async () => {
  const path = join(directory(), "keys");
  const protection = passphraseProtection(PASSPHRASE);
  await createKeyringFile(path, keyring, { protection });
  const salt = readFileSync(path).subarray(16, 32);
  await updateKeyringFile(path, (present) => addKey(present, MasterKey.generate()), { protection });
  expect((await readKeyringFile(path, { protection })).entries).toHaveLength(2);
  expect(readFileSync(path).subarray(16, 32)).not.toEqual(salt);
});

test("a file that is not protected is refused where a passphrase was given, so that none is put in its place", async () => {
  const path = join(directory(), "keys");
  await createKeyringFile(path, keyring);
  await expect(readKeyringFile(path, { protection: passphraseProtection(PASSPHRASE) })).rejects.toMatchObject(REFUSED);
});

test("protection can be given, exchanged and taken away; the keyring goes one generation on", async () => {
  const path = join(directory(), "keys");
  await createKeyringFile(path, keyring);
  const [first, second] = [passphraseProtection(PASSPHRASE), passphraseProtection("the second passphrase")];
  await protectKeyringFile(path, first);
  await protectKeyringFile(path, second, { protection: first });
  await expect(readKeyringFile(path, { protection: first })).rejects.toMatchObject(REFUSED);
  expect((await readKeyringFile(path, { protection: second })).generation).toBe(keyring.generation + 2);
  await protectKeyringFile(path, undefined, { protection: second });
  expect((await readKeyringFile(path)).primary?.id).toEqual(master.id);
});

test("a protected file is held to the same permissions and the same size", async () => {
  const path = join(directory(), "keys");
  writeFileSync(path, byTheDocument(), { mode: 0o644 });
  const protection = passphraseProtection(PASSPHRASE);
  if (process.platform !== "win32") {
    await expect(readKeyringFile(path, { protection })).rejects.toMatchObject({ code: "ERR_CACHE_KEY_PERMISSIONS" });
  }
  writeFileSync(path, concat(byTheDocument(), new Uint8Array(300_000)));
  const large = readKeyringFile(path, { protection, permissions: "relaxed" });
  await expect(large).rejects.toMatchObject({ code: "ERR_CACHE_KEY_FORMAT" });
});
