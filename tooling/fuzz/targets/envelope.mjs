import { utf8 } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import { crypto as portableCrypto } from "@cache/core/crypto/portable";
import { Keyring } from "@cache/core/keyring";
import { aead, sealerWith } from "@cache/crypto-envelope/hazmat";
import { keyring, otherMaster, steady } from "../keys.mjs";
import { answer, answerLater, promise, same } from "../promises.mjs";
import { internal } from "../target.mjs";
import { rangesOf, whole } from "./reading.mjs";

/** @typedef {import("../target.mjs").Target} Target */
/** @typedef {import("@cache/core").SealContext} SealContext */

/** @type {typeof import("../../../packages/crypto-envelope/src/aead/portable.ts")} */
const { aead: portableAead } = await internal("crypto-envelope/aead/portable");

const CONTENTS = [utf8("a value"), new Uint8Array(0), new Uint8Array(16_384).fill(7), new Uint8Array(16_500).fill(9)];
const METADATA = { created: 1000, expires: 2000, sequence: 3 };

/** @type {readonly SealContext[]} */
const CONTEXTS = [
  { namespace: "fuzz", kind: "entries", key: utf8("key") },
  { namespace: "fuzz", kind: "blobs", key: crypto.sha256(/** @type {Uint8Array} */ (CONTENTS[0])) },
];

const native = sealerWith({ crypto, aead }, keyring, { maxBufferedBytes: 100_000 });
const portable = sealerWith({ crypto: portableCrypto, aead: portableAead }, keyring, { maxBufferedBytes: 100_000 });
const CODES = ["FORMAT", "UNSUPPORTED_VERSION", "UNSUPPORTED_SUITE", "AUTH", "LIMIT"].map(
  (code) => `ERR_CACHE_${code}`,
);

/** @param {Uint8Array | undefined} content */
const isOriginal = (content) => content !== undefined && CONTENTS.some((each) => same(each, content));

/** @param {SealContext} context @param {Uint8Array} bytes */
async function openedByAll(context, bytes) {
  const first = answer(CODES, () => native.open(context, bytes));
  const second = answer(CODES, () => portable.open(context, bytes));
  promise(
    first.code === second.code && first.value?.verdict === second.value?.verdict,
    "both providers come to one verdict",
  );
  const { value } = first;
  const content = value?.verdict === "opened" ? value.content : undefined;
  promise(value?.verdict !== "opened" || isOriginal(content), "nothing opens but what was sealed");
  const streamed = await answerLater(CODES, async () => {
    const opened = await native.openStream(context, rangesOf(bytes), bytes.length);
    return opened?.verdict === "opened" ? whole(opened.content) : opened;
  });
  const isSame =
    content === undefined
      ? !(streamed.value instanceof Uint8Array)
      : streamed.value instanceof Uint8Array && same(streamed.value, content);
  promise(isSame, "a stream is what is opened whole");
}

/** @param {Uint8Array} bytes */
async function rangeOpened(bytes) {
  const [context] = /** @type {[SealContext]} */ (CONTEXTS);
  const range = { start: 3, end: 16_390 };
  const part = await answerLater(CODES, async () => {
    const opened = await native.openRange(context, rangesOf(bytes), bytes.length, range);
    return opened?.verdict === "opened" ? whole(opened.content) : undefined;
  });
  const isPart = CONTENTS.some((each) => part.value && same(each.subarray(range.start, range.end), part.value));
  promise(part.value === undefined || isPart, "no range opens but of what was sealed");
}

/** @type {Target} */
const envelope = {
  name: "envelope",
  covers: [
    ...["openEnvelope", "openEnvelopeStream", "openEnvelopeRange", "inspectEnvelope", "decodePrefix", "claimedBy"],
    ...["openHead", "readHead", "readExactly", "openChunks"],
  ],
  most: 40_000,
  // A stream works with two buffers of sixteen chunks, however short it is.
  room: (length) => 2_000_000 + 64 * length,
  seeds: () => {
    const [entry, blob] = /** @type {[SealContext, SealContext]} */ (CONTEXTS);
    const sealers = [1, 2].map((suite) =>
      sealerWith({ crypto: steady, aead }, keyring, { suite: /** @type {1 | 2} */ (suite) }),
    );
    const foreign = sealerWith({ crypto: steady, aead }, Keyring.of(otherMaster));
    const [first] = /** @type {[Uint8Array]} */ (/** @type {unknown} */ (CONTENTS));
    return [
      ...sealers.flatMap((sealer) => CONTENTS.map((content) => sealer.seal(entry, content, METADATA))),
      ...[...sealers, foreign].map((sealer) => sealer.seal(blob, first, METADATA)),
    ];
  },
  async run(bytes) {
    native.inspect(bytes);
    for (const context of CONTEXTS) await openedByAll(context, bytes);
    await rangeOpened(bytes);
  },
};

export const envelopeTargets = [envelope];
