import { fromHex, utf8 } from "@cache/core/bytes";
import { VerifyingKey } from "@cache/core/keyring";
import { signing } from "../keys.mjs";
import { answer, promise } from "../promises.mjs";
import { internal } from "../target.mjs";

/** @typedef {import("../target.mjs").Target} Target */

/** @type {typeof import("../../../packages/signer/src/ed25519-signer.ts")} */
const { ed25519SignerWith } = await internal("signer/ed25519-signer");
/** @type {typeof import("../../../packages/signer/src/ed25519/node.ts")} */
const { ed25519: node } = await internal("signer/ed25519/node");
/** @type {typeof import("../../../packages/signer/src/ed25519/portable.ts")} */
const { ed25519: portable } = await internal("signer/ed25519/portable");

const digits = (/** @type {string} */ text) => /** @type {Uint8Array} */ (fromHex(text));
const join = (/** @type {Uint8Array[]} */ ...parts) => new Uint8Array(Buffer.concat(parts));
const MESSAGE = utf8("message");

/** A key of 32 bytes, a signature of 64, and the message. @param {Uint8Array} bytes */
const partsOf = (bytes) => ({ key: bytes.slice(0, 32), proof: bytes.slice(32, 96), message: bytes.slice(96) });

/** @type {Target} */
const ed25519 = {
  name: "ed25519",
  covers: ["checkPublicKey"],
  most: 160,
  seeds: () => {
    const proof = node.signer(signing.reveal())(MESSAGE);
    const order = join(digits("01"), new Uint8Array(31));
    return [join(signing.publicKey.bytes, proof, MESSAGE), join(order, order, new Uint8Array(32), MESSAGE)];
  },
  dictionary: [
    // The order of the group, the prime of the field, and points of small order (RFC 8032 section 5.1).
    digits("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010"),
    digits("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    digits("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    digits("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    digits("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
  ],
  run(bytes) {
    const { key, proof, message } = partsOf(bytes);
    const imported = answer(["ERR_CACHE_KEY_FORMAT"], () => VerifyingKey.import(key)).value;
    if (imported === undefined) return;
    const verdicts = [node, portable].map((provider) => {
      const signer = answer(["ERR_CACHE_KEY_FORMAT"], () => ed25519SignerWith(provider, { trusted: [imported] })).value;
      return signer?.verify({ algorithm: 2, keyId: imported.id }, message, proof);
    });
    const [first, second] = verdicts.map((verdict) => JSON.stringify(verdict));
    promise(first === second, "both providers come to one verdict");
  },
};

export const ed25519Targets = [ed25519];
