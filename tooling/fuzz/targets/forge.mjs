import { pae } from "@cache/core/bytes";
import { integrityOnly } from "@cache/core/record";
import { internal } from "../target.mjs";

/** @type {typeof import("../../../packages/core/src/record/header.ts")} */
const { encodeHeader } = await internal("core/record/header");

/**
 * A record of somebody who writes what they like and makes a hash over it, as anybody can where nothing is signed.
 * @param {Uint8Array} statement - at most 65535 bytes
 * @param {Uint8Array} payload
 */
export async function forgedRecord(statement, payload) {
  const header = encodeHeader({ algorithm: 0, keyId: new Uint8Array(16) }, statement.length);
  const proof = await integrityOnly.sign(pae("cache/v1/signed-entry", header, statement));
  return new Uint8Array(Buffer.concat([header, statement, proof, payload]));
}
