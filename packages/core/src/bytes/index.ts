/**
 * Bytes and text, strictly: what every package of the toolkit encodes with.
 * @packageDocumentation
 */
export { fromBase64Url, toBase64Url } from "./base64.ts";
export { fromHex, toHex } from "./hex.ts";
export { collect, concat } from "./join.ts";
export { getUint64, setUint64 } from "./number.ts";
export { pae } from "./pae.ts";
export { fromUtf8, utf8 } from "./text.ts";
