import { createHash } from "node:crypto";
import { crypto } from "@cache/core/crypto";
import { Keyring, MasterKey, SigningKey } from "@cache/core/keyring";

/** Bytes that everybody can make: keys of the tests, and so no secrets. @param {string} text */
const published = (text) => new Uint8Array(createHash("sha256").update(`fuzzing, ${text}`).digest());

export const master = MasterKey.import(published("master"));
export const otherMaster = MasterKey.import(published("other master"));
export const signing = SigningKey.import(published("signing"));
export const otherSigning = SigningKey.import(published("other signing"));
export const keyring = Keyring.of(master, signing);

/** After a rotation: the other master writes, the first one still reads. */
export const rotated = new Keyring({
  entries: [
    { id: otherMaster.id, type: "master", status: "active", key: otherMaster },
    { id: master.id, type: "master", status: "retired", key: master },
  ],
  primary: otherMaster.id,
  generation: 2,
});

/** A provider whose random bytes are always the same, so that seeds are, too. */
export const steady = {
  ...crypto,
  /** @param {number} length */
  random: (length) => {
    count += 1;
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; at += 32)
      bytes.set(published(`random ${count} ${at}`).subarray(0, Math.min(32, length - at)), at);
    return bytes;
  },
};
let count = 0;
