import { pae, utf8 } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import { collectGarbage, listEntries, storeStats, verifyStore } from "@cache/core/maintenance";
import { aead, sealerWith } from "@cache/crypto-envelope/hazmat";
import { memoryStore } from "@cache/memory";
import { keyring, steady } from "../keys.mjs";
import { promise, same } from "../promises.mjs";
import { internal } from "../target.mjs";

/** @typedef {import("../target.mjs").Target} Target */

/** @type {typeof import("../../../packages/core/src/cache/catalog.ts")} */
const { leaveNote, readNote } = await internal("core/cache/catalog");

const DIGITS = "5a".repeat(32);
const NAME = /** @type {const} */ (`entries/${DIGITS}`);
const seal = sealerWith({ crypto: steady, aead }, keyring);
const now = () => 1_700_000_000_000;

/** What a note is bound to, as its writer does it. */
const contexts = /** @type {import("@cache/core").SealContext[]} */ ([]);
await leaveNote(
  {
    store: memoryStore({ maxBytes: "1MB" }),
    now,
    seal: {
      ...seal,
      seal: (context, ...rest) => {
        contexts.push(context);
        return seal.seal(context, ...rest);
      },
    },
  },
  NAME,
  { namespace: "fuzz", kind: "entries", key: utf8("key") },
);
const [context] = /** @type {[import("@cache/core").SealContext]} */ (/** @type {unknown} */ (contexts));

/** A note by somebody who has the key and says in it what they like. @type {Target} */
const note = {
  name: "note",
  covers: ["readNote"],
  room: (length) => 4_000_000 + 64 * length,
  seeds: () => [
    pae("cache/v1/catalog", "fuzz", "entries", utf8("key")),
    pae("cache/v1/catalog", "", "blobs", crypto.sha256(utf8("content"))),
    pae("cache/v1/catalog", "fuzz", "constructor", utf8("key")),
  ],
  dictionary: ["entries", "blobs", "notes", "constructor", "__proto__", Uint8Array.of(0xff)],
  async run(bytes) {
    const store = memoryStore({ maxBytes: "1MB" });
    await store.put(`notes/${DIGITS}`, seal.seal(context, bytes, { created: 0, expires: 0, sequence: 0 }));
    for (const kind of /** @type {const} */ (["entries", "blobs"]))
      await store.put(`${kind}/${DIGITS}`, utf8("anything"));
    const read = await readNote({ store, seal }, NAME);
    if (read !== undefined) {
      const written = pae("cache/v1/catalog", read.namespace, read.kind, read.key);
      promise(same(written.subarray(8), bytes.subarray(8, written.length)), "one note has one form");
    }
    const slots = { store, now, seal };
    for await (const _ of listEntries(slots));
    await storeStats(slots);
    await collectGarbage({ ...slots, dryRun: true });
    await verifyStore(slots);
  },
};

export const noteTargets = [note];
