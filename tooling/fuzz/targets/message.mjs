import { utf8 } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import { crypto as portableCrypto } from "@cache/core/crypto/portable";
import { aead, openMessage, openMessageStream, sealerWith, sealMessage } from "@cache/crypto-envelope/hazmat";
import { keyring, master, steady } from "../keys.mjs";
import { answer, answerLater, promise, same } from "../promises.mjs";
import { internal } from "../target.mjs";
import { streamOf, whole } from "./reading.mjs";

/** @typedef {import("../target.mjs").Target} Target */
/** @typedef {import("@cache/core").SealContext} SealContext */

/** @type {typeof import("../../../packages/crypto-envelope/src/aead/portable.ts")} */
const { aead: portableAead } = await internal("crypto-envelope/aead/portable");
/** @type {typeof import("../../../packages/crypto-envelope/src/envelope/metadata.ts")} */
const { decodeMetadata, encodeMetadata } = await internal("crypto-envelope/envelope/metadata");
/** @type {typeof import("../../../packages/crypto-envelope/src/envelope/prefix.ts")} */
const { encodePrefix } = await internal("crypto-envelope/envelope/prefix");
/** @type {typeof import("../../../packages/crypto-envelope/src/envelope/binding.ts")} */
const { BODY_CONTEXT, bindingOf, metadataContext } = await internal("crypto-envelope/envelope/binding");

const KEY = master.subkey("envelope");
const BOUND = utf8("bound to");
const native = { crypto: steady, aead: aead.suite(2) };
const portable = { crypto: portableCrypto, aead: portableAead.suite(2) };
const CONTENTS = [0, 1, 100, 16_383, 16_384, 32_768].map((length) => new Uint8Array(length).fill(5));

/** @type {Target} */
const message = {
  name: "message",
  covers: ["openMessage", "openMessageStream", "openChunk"],
  most: 40_000,
  room: (length) => 1_000_000 + 64 * length,
  seeds: () => CONTENTS.map((content) => sealMessage(native, KEY, BOUND, content)),
  async run(bytes) {
    const first = answer(["ERR_CACHE_AUTH"], () => openMessage(native, KEY, BOUND, bytes));
    const second = answer(["ERR_CACHE_AUTH"], () => openMessage(portable, KEY, BOUND, bytes));
    const third = await answerLater(["ERR_CACHE_AUTH"], () =>
      whole(openMessageStream(native, KEY, BOUND, streamOf(bytes))),
    );
    promise(first.code === second.code && first.code === third.code, "all ways to open it come to one verdict");
    for (const { value } of [first, second, third]) {
      promise(value === undefined || CONTENTS.some((each) => same(each, value)), "nothing opens but what was sealed");
    }
  },
};

/** @type {SealContext} */
const CONTEXT = { namespace: "fuzz", kind: "entries", key: utf8("key") };
const CONTENT = utf8("a value");
const BODY_KEY = crypto.sha256(utf8("body key"));
const BODY = sealMessage(native, BODY_KEY, BODY_CONTEXT, CONTENT);
const HONEST = {
  bodyKey: BODY_KEY,
  size: CONTENT.length,
  digest: crypto.sha256(CONTENT),
  created: 1,
  expires: 2,
  sequence: 3,
};
const reader = sealerWith({ crypto, aead }, keyring, { maxBufferedBytes: 100_000 });

/** An envelope of a writer who has the key and states what it likes. @param {Uint8Array} metadata */
function envelopeWith(metadata) {
  const prefix = encodePrefix({ suite: 2, metadataLength: metadata.length + 72, keyId: master.id });
  const sealed = sealMessage(native, KEY, metadataContext(prefix, bindingOf(CONTEXT)), metadata);
  return new Uint8Array(Buffer.concat([prefix, sealed, BODY]));
}

/** @type {Target} */
const metadata = {
  name: "envelope-metadata",
  covers: ["decodeMetadata"],
  most: 600,
  seeds: () => {
    const user = new Uint8Array([...encodeMetadata(HONEST).subarray(0, 96), 0, 3, 1, 2, 3]);
    return [encodeMetadata(HONEST), encodeMetadata({ ...HONEST, size: 2 ** 40 }), user];
  },
  run(bytes) {
    const read = answer(["ERR_CACHE_FORMAT"], () => decodeMetadata(bytes)).value;
    // What a user may have added behind is skipped.
    if (read !== undefined)
      promise(same(encodeMetadata(read).subarray(0, 96), bytes.subarray(0, 96)), "one value has one form");
    const codes = ["ERR_CACHE_FORMAT", "ERR_CACHE_AUTH", "ERR_CACHE_LIMIT"];
    const opened = answer(codes, () => reader.open(CONTEXT, envelopeWith(bytes))).value;
    if (opened?.verdict === "opened") promise(same(opened.content, CONTENT), "a lie opens nothing else");
  },
};

export const messageTargets = [message, metadata];
