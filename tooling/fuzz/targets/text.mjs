import { parseDuration, parseName, parseSize } from "@cache/core/adapter";
import { fromBase64Url, fromHex, fromUtf8, pae, toBase64Url, toHex, utf8 } from "@cache/core/bytes";
import { answer, promise, same, textOf } from "../promises.mjs";
import { internal } from "../target.mjs";

/** @typedef {import("../target.mjs").Target} Target */

/** @type {typeof import("../../../packages/core/src/bytes/unpae.ts")} */
const { unpae } = await internal("core/bytes/unpae");

/** @type {Target} */
const hex = {
  name: "hex",
  covers: ["fromHex"],
  seeds: () => ["", "00ff", "DEADbeef"].map(utf8),
  run(bytes) {
    promise(same(fromHex(toHex(bytes)) ?? utf8("none"), bytes), "bytes come back from hexadecimal");
    const text = textOf(bytes);
    const read = text === undefined ? undefined : fromHex(text);
    promise(read === undefined || toHex(read) === text?.toLowerCase(), "one value has one form, but for its case");
  },
};

/** @type {Target} */
const base64 = {
  name: "base64url",
  covers: ["fromBase64Url"],
  seeds: () => ["", "AA", "AAE", "AAEC", "-_-_"].map(utf8),
  run(bytes) {
    promise(same(fromBase64Url(toBase64Url(bytes)) ?? utf8("none"), bytes), "bytes come back from base64url");
    const text = textOf(bytes);
    const read = text === undefined ? undefined : fromBase64Url(text);
    promise(read === undefined || toBase64Url(read) === text, "one value has one form");
  },
};

/** @type {Target} */
const unicode = {
  name: "utf-8",
  covers: ["fromUtf8"],
  seeds: () => ["", "\ufefftext", "é€😀", "\ufffd"].map(utf8),
  dictionary: [Uint8Array.of(0xc0, 0x80), Uint8Array.of(0xed, 0xa0, 0x80), Uint8Array.of(0xf4, 0x90, 0x80, 0x80)],
  run(bytes) {
    const read = answer(["TypeError"], () => fromUtf8(bytes));
    promise(read.value === undefined || same(utf8(read.value), bytes), "one text has one form");
  },
};

/** @type {Target} */
const encoding = {
  name: "pae",
  covers: ["unpae"],
  seeds: () => [pae(), pae("", "a"), pae("cache/v1/catalog", "namespace", "entries", utf8("key"))],
  run(bytes) {
    const pieces = unpae(bytes);
    promise(pieces === undefined || same(pae(...pieces), bytes), "one list of pieces has one form");
  },
};

/** @type {Target} */
const names = {
  name: "names",
  covers: ["parseName"],
  seeds: () => ["blobs", "entries", "notes"].map((kind) => utf8(`${kind}/${"0a".repeat(32)}`)),
  dictionary: ["blobs/", "entries/", "notes/", "../", "\n", "\0"],
  run(bytes) {
    const text = textOf(bytes);
    if (text === undefined) return;
    const name = answer(["TypeError"], () => parseName(/** @type {any} */ (text))).value;
    promise(name === undefined || `${name.kind}/${name.hex}` === text, "a name is its two parts");
    promise(name === undefined || /^[0-9a-f]{64}$/.test(name.hex), "nothing but digits reaches a medium");
  },
};

/** @type {Target} */
const units = {
  name: "units",
  covers: ["parseSize", "parseDuration"],
  seeds: () => ["64MB", "64 MiB", "1.5K", "0", "10m", "500 ms", "7d", "1.25h"].map(utf8),
  dictionary: ["K", "M", "G", "T", "i", "B", " ", ".", "ms", "s", "m", "h", "d", "w", "e9", "-"],
  run(bytes) {
    const text = textOf(bytes);
    if (text === undefined) return;
    const size = answer(["TypeError"], () => parseSize(text)).value;
    promise(size === undefined || (Number.isSafeInteger(size) && size >= 0), "a size is whole and from 0 on");
    const duration = answer(["TypeError"], () => parseDuration(text)).value;
    promise(
      duration === undefined || (Number.isSafeInteger(duration) && duration >= 1),
      "a duration is whole and from 1 on",
    );
  },
};

export const textTargets = [hex, base64, unicode, encoding, names, units];
