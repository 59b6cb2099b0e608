import type { Opened, ReadRange, SealContext, Sealer } from "@cache/core";
import { collect, concat, pae, utf8 } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import type { SealerFixture } from "../src/index.ts";
import { broken, CHUNK, chunks, openChunk, type Quirks, SEALED_CHUNK, sealChunk } from "./toy-chunks.ts";
import { HEAD, type Head, toyHeads } from "./toy-heads.ts";
import { A, B, type ToyKey } from "./toy-signer.ts";

function checkContext({ namespace, kind, key }: SealContext, quirks: Quirks): void {
  if (quirks.unchecked === true) return;
  if (utf8(namespace).length > 255) throw new TypeError("a namespace is at most 255 bytes");
  const fits = kind === "blobs" ? key.length === 32 : key.length >= 1 && key.length <= 4096;
  if (!fits) throw new TypeError("a key is 32 bytes for content and 1 to 4096 for an entry");
}

/** The `Sealer` port with toy secrecy and honest proofs (HMAC-SHA-256). The first key writes. */
export function toySealer(keys: readonly ToyKey[], quirks: Quirks = {}): Sealer {
  const random = quirks.random ?? crypto.random;
  const bind = quirks.bind ?? ((context: SealContext) => context);
  const { sealHead, openHead, lookUp, claims } = toyHeads(keys, quirks);

  const bodyLength = (size: number) => size + 32 * (Math.floor(size / CHUNK) + 1);

  function checkLength({ size }: Head, length: number): void {
    if (quirks.skipLength !== true && length !== HEAD + bodyLength(size)) throw broken();
  }

  function checkDigest({ size, digest }: Head, seenSize: number, seen: Uint8Array): void {
    if (quirks.skipLength !== true && seenSize !== size) throw broken();
    if (quirks.skipDigest !== true && !crypto.equal(seen, digest)) throw broken();
  }

  async function* contentOf(head: Head, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const running = crypto.sha256Stream();
    let [size, index, short] = [0, 0, false];
    for await (const sealed of chunks(pieces, SEALED_CHUNK)) {
      const content = openChunk(head.bodyKey, index++, sealed, quirks);
      running.update(content);
      size += content.length;
      short = content.length < CHUNK;
      yield content;
    }
    if (!short && quirks.anyLastChunk !== true) throw broken();
    checkDigest(head, size, running.digest());
  }

  async function readHead(context: SealContext, read: ReadRange, length: number): Promise<Opened<Head> | undefined> {
    const pieces = await read(0, Math.min(HEAD, length));
    return pieces && openHead(context, await collect(pieces));
  }

  async function* rangeOf(head: Head, read: ReadRange, start: number, end: number): AsyncGenerator<Uint8Array> {
    const first = Math.floor(start / CHUNK);
    const last = Math.floor((end - 1) / CHUNK);
    const pieces = await read(
      HEAD + first * SEALED_CHUNK,
      HEAD + Math.min((last + 1) * SEALED_CHUNK, bodyLength(head.size)),
    );
    if (pieces === undefined) throw broken();
    let index = first;
    for await (const sealed of chunks(pieces, SEALED_CHUNK)) {
      if (index > last) break;
      const content = openChunk(head.bodyKey, index, sealed, quirks);
      yield content.slice(Math.max(0, start - index * CHUNK), Math.max(0, end - index * CHUNK));
      index++;
    }
  }

  const sealer: Sealer = {
    names(context) {
      checkContext(context, quirks);
      const { namespace, kind, key } = bind(context);
      const readable = keys.filter(({ state }) => state !== "revoked");
      return readable.map((each) => crypto.hmac("sha256", each.secret, pae("name", namespace, kind, key)));
    },

    seal(context, content, metadata) {
      checkContext(context, quirks);
      const bodyKey = quirks.bodyFromContext === true ? crypto.sha256(pae(context.namespace)) : random(32);
      const head = { bodyKey, size: content.length, digest: crypto.sha256(content), metadata };
      const parts = [sealHead(context, head)];
      for (let index = 0; index * CHUNK <= content.length; index++) {
        parts.push(sealChunk(bodyKey, index, content.slice(index * CHUNK, (index + 1) * CHUNK), quirks));
      }
      return concat(...parts);
    },

    open(context, sealed) {
      const head = openHead(context, sealed);
      if (head.verdict === "foreign") return head;
      checkLength(head, sealed.length);
      const parts: Uint8Array[] = [];
      for (let at = HEAD, index = 0; at <= sealed.length; at += SEALED_CHUNK, index++) {
        parts.push(openChunk(head.bodyKey, index, sealed.slice(at, at + SEALED_CHUNK), quirks));
      }
      const content = concat(...parts);
      checkDigest(head, content.length, crypto.sha256(content));
      return { ...head, content };
    },

    sealStream(namespace, content, metadata) {
      const bodyKey = quirks.bodyFromContext === true ? crypto.sha256(pae(namespace)) : random(32);
      const running = crypto.sha256Stream();
      let size = 0;
      async function* body(): AsyncGenerator<Uint8Array> {
        let index = 0;
        for await (const chunk of chunks(content, CHUNK)) {
          running.update(chunk);
          size += chunk.length;
          yield sealChunk(bodyKey, index++, chunk, quirks);
        }
      }
      return {
        headLength: HEAD,
        body: body(),
        finish() {
          const digest = running.digest();
          const context: SealContext = { namespace, kind: "blobs", key: digest };
          const head = sealHead(context, { bodyKey, size, digest, metadata });
          return { digest, size, name: sealer.names(context)[0] as Uint8Array, head };
        },
      };
    },

    async openStream(context, read, length) {
      const head = await readHead(context, read, length);
      if (head?.verdict !== "opened") return head;
      checkLength(head, length);
      const pieces = await read(HEAD, length);
      return pieces && { ...head, content: contentOf(head, pieces) };
    },

    async openRange(context, read, length, range) {
      const head = await readHead(context, read, length);
      if (head?.verdict !== "opened") return head;
      checkLength(head, length);
      const [start, end] = [Math.max(0, range.start), Math.min(head.size, range.end)];
      return { ...head, content: start < end ? rangeOf(head, read, start, end) : nothing() };
    },

    inspect(prefix) {
      if (!claims(prefix)) return undefined;
      const state = lookUp(prefix)?.state;
      const keyId = prefix.slice(8, 24);
      if (state === "revoked") return { keyId, state };
      return { keyId, state: state === undefined ? "unknown" : "readable" };
    },
  };
  return sealer;
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** The toy in all the roles of a fixture, each passed through `change`. */
export function toySealerFixture(
  quirks: Quirks = {},
  change: (sealer: Sealer, role: keyof SealerFixture) => Sealer = (same) => same,
): SealerFixture {
  const [a, b] = [
    { secret: A, state: "active" },
    { secret: B, state: "active" },
  ] as const;
  return {
    make: () => change(toySealer([a], quirks), "make"),
    other: () => change(toySealer([b], quirks), "other"),
    rotated: () => change(toySealer([b, { ...a, state: "retired" }], quirks), "rotated"),
    revoked: () => change(toySealer([b, { ...a, state: "revoked" }], quirks), "revoked"),
  };
}
