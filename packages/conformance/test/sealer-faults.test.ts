import { type SealContext, type SealedMetadata, type Sealer } from "@cache/core";
import { collect, concat, fromUtf8, utf8 } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import { describe } from "vitest";
import { type SealerFixture, sealerCases } from "../src/index.ts";
import { type Faults, passes, provesItself } from "./matrix.ts";
import type { Quirks } from "./toy-chunks.ts";
import { toySealer, toySealerFixture } from "./toy-sealer.ts";
import { A } from "./toy-signer.ts";

type Role = keyof SealerFixture;

/** The toy with a quirk. */
const quirky = (quirks: Quirks) => () => toySealerFixture(quirks);

/** The toy bound to less than it was told. */
const binding = (bind: (context: SealContext) => SealContext, quirks: Quirks = {}) => quirky({ bind, ...quirks });

/** The toy with some of it replaced. */
function planted(fault: (sealer: Sealer, role: Role) => Partial<Sealer>, quirks?: Quirks): () => SealerFixture {
  return () => toySealerFixture(quirks, (sealer, role) => ({ ...sealer, ...fault(sealer, role) }));
}

/** The toy with what all three ways to open answer changed. */
function answering(change: (opened: Loose) => Loose): () => SealerFixture {
  return planted((sealer) => {
    const loose = sealer as unknown as LooseOpenings;
    return {
      open: (...given: unknown[]) => change(loose.open(...given)),
      openStream: async (...given: unknown[]) => change(await loose.openStream(...given)),
      openRange: async (...given: unknown[]) => change(await loose.openRange(...given)),
    } as unknown as Partial<Sealer>;
  });
}
type Loose = { verdict: string; retired?: boolean; metadata?: SealedMetadata } & object;
type LooseOpenings = Record<"open" | "openStream" | "openRange", (...given: unknown[]) => Loose>;

const text = (key: Uint8Array, change: (text: string) => string): Uint8Array => {
  try {
    return utf8(change(fromUtf8(key)));
  } catch {
    return key;
  }
};

async function* swallowing(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* pieces;
  } catch {}
}

async function* reusing(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(16_384);
  for await (const piece of pieces) {
    buffer.set(piece);
    yield buffer.subarray(0, piece.length);
  }
}

const bindingFaults: Faults<SealerFixture> = {
  "does not bind the namespace": binding((context) => ({ ...context, namespace: "" })),
  "does not bind the kind": binding((context) => ({ ...context, kind: "entries" }), { skipDigest: true }),
  "does not bind the key": binding((context) => ({ ...context, key: new Uint8Array(32) }), { skipDigest: true }),
  "binds namespace and key without a border": binding(({ namespace, kind, key }) => ({
    namespace: "",
    kind,
    key: concat(utf8(namespace), key),
  })),
  "binds three bytes of a key": binding((context) => ({ ...context, key: context.key.slice(0, 3) })),
  "binds a key up to NUL": binding((context) => {
    const end = context.key.indexOf(0);
    return context.kind === "blobs" || end < 0 ? context : { ...context, key: context.key.slice(0, end) };
  }),
  "binds the normal form of a key": binding((context) => ({
    ...context,
    key: text(context.key, (key) => key.normalize("NFC")),
  })),
  "binds a key without its case": binding((context) => ({
    ...context,
    key: text(context.key, (key) => key.toLowerCase()),
  })),
  "takes any context": binding((context) => ({ ...context, namespace: context.namespace.toWellFormed() }), {
    unchecked: true,
  }),
  "refuses long namespaces": planted((sealer) => ({
    seal(context, ...rest) {
      if (context.namespace.length > 100) throw new TypeError("too long");
      return sealer.seal(context, ...rest);
    },
  })),
};

const proofFaults: Faults<SealerFixture> = {
  "does not check the head's tag": quirky({ skipHeadTag: true }),
  "does not check any tag of a body": quirky({ skipBodyTag: () => true, skipDigest: true }),
  "does not check the tags of a body but at the end": quirky({ skipBodyTag: () => true }),
  "does not check the first tag of a body": quirky({ skipBodyTag: (index) => index === 0, skipDigest: true }),
  "does not check the length": quirky({ skipLength: true, skipDigest: true }),
  "does not check the digest": quirky({ skipDigest: true }),
  "takes any end for the end": quirky({
    skipLength: true,
    skipDigest: true,
    anyLastChunk: true,
    skipBodyTag: () => true,
  }),
  "has no key for a body": quirky({ bodyFromContext: true }),
  "has no key for a body, nor a digest": quirky({ bodyFromContext: true, skipDigest: true }),
  "draws no random bytes": quirky({ random: (length) => new Uint8Array(length) }),
  "hides nothing": quirky({ unmasked: true }),
  "opens nothing": planted(() => ({
    open: () => ({ verdict: "foreign", code: "ERR_CACHE_UNKNOWN_KEY" }),
    openStream: async () => ({ verdict: "foreign", code: "ERR_CACHE_UNKNOWN_KEY" }),
    openRange: async () => ({ verdict: "foreign", code: "ERR_CACHE_UNKNOWN_KEY" }),
  })),
  "opens what was never sealed": planted((sealer) => ({
    open(context, sealed) {
      if (sealer.inspect(sealed) !== undefined) return sealer.open(context, sealed);
      const metadata = { created: 0, expires: 0, sequence: 0 };
      return { verdict: "opened", keyId: new Uint8Array(16), retired: false, content: sealed, metadata };
    },
  })),
  "throws errors without a code": planted((sealer) => ({
    open(context, sealed) {
      try {
        return sealer.open(context, sealed);
      } catch {
        throw new RangeError("offset is out of bounds");
      }
    },
  })),
  "takes what is broken for somebody else's": planted((sealer) => ({
    open(context, sealed) {
      try {
        return sealer.open(context, sealed);
      } catch {
        return { verdict: "foreign", code: "ERR_CACHE_UNKNOWN_KEY" };
      }
    },
  })),
};

const keyFaults: Faults<SealerFixture> = {
  "loses the metadata": answering((opened) => ({ ...opened, metadata: { created: 0, expires: 0, sequence: 0 } })),
  "keeps 32 bits of a number": planted((sealer) => ({
    seal: (context, content, { created, expires, sequence }) =>
      sealer.seal(context, content, { created, expires, sequence: sequence >>> 0 }),
  })),
  "throws for another key": answering((opened) => {
    if (opened.verdict === "foreign") throw new Error("wrong key");
    return opened;
  }),
  "calls a revoked key unknown": answering((opened) =>
    opened.verdict === "foreign" ? { ...opened, code: "ERR_CACHE_UNKNOWN_KEY" } : opened,
  ),
  "opens with a revoked key": planted((sealer, role) => {
    if (role !== "revoked") return {};
    const { open, openStream, openRange, inspect } = toySealer([{ secret: A, state: "active" }]);
    return { ...sealer, open, openStream, openRange, inspect };
  }),
  "does not mark what a retired key sealed": answering((opened) => ({ ...opened, retired: false })),
  "marks everything as sealed by a retired key": answering((opened) => ({ ...opened, retired: true })),
  "tells another key than inspect": answering((opened) => ({ ...opened, keyId: new Uint8Array(16) })),
  "goes on writing under the retired key": planted((sealer, role) => {
    if (role !== "rotated") return {};
    return { ...sealer, seal: toySealer([{ secret: A, state: "active" }]).seal };
  }),
  "names only what it would write": planted((sealer) => ({ names: (context) => sealer.names(context).slice(0, 1) })),
  "names under revoked keys too": planted((sealer, role) => {
    const old = toySealer([{ secret: A, state: "active" }]);
    return role === "revoked" ? { names: (context) => [...sealer.names(context), ...old.names(context)] } : {};
  }),
  "names by chance": planted(() => ({ names: () => [crypto.random(32)] })),
  "names in 20 bytes": planted((sealer) => ({ names: (context) => sealer.names(context).map((name) => name.slice(0, 20)) })),
  "names the key as it is": planted((sealer) => ({
    names: (context) => [context.key.length === 32 ? context.key : (sealer.names(context)[0] as Uint8Array)],
  })),
  "names without a key": planted(() => ({ names: (context) => [crypto.sha256(utf8(context.namespace), context.key)] })),
  "inspects only its own": planted((sealer) => ({
    inspect(prefix) {
      const found = sealer.inspect(prefix);
      return found?.state === "readable" ? found : undefined;
    },
  })),
  "takes everything for sealed": planted(() => ({ inspect: () => ({ keyId: new Uint8Array(16), state: "unknown" }) })),
};

const streamFaults: Faults<SealerFixture> = {
  "tells another digest": planted((sealer) => ({
    sealStream(...given) {
      const stream = sealer.sealStream(...given);
      return { ...stream, finish: () => ({ ...stream.finish(), digest: new Uint8Array(32) }) };
    },
  })),
  "stops at an empty piece": planted((sealer) => ({
    sealStream(namespace, content, metadata) {
      async function* stopping(): AsyncGenerator<Uint8Array> {
        for await (const piece of content) {
          if (piece.length === 0) return;
          yield piece;
        }
      }
      return sealer.sealStream(namespace, stopping(), metadata);
    },
  })),
  "keeps the pieces it is given": planted((sealer) => ({
    sealStream(namespace, content, metadata) {
      async function* keeping(): AsyncGenerator<Uint8Array> {
        const kept: Uint8Array[] = [];
        for await (const piece of content) kept.push(piece);
        yield* kept;
      }
      return sealer.sealStream(namespace, keeping(), metadata);
    },
  })),
  "swallows the error of the content": planted((sealer) => ({
    sealStream: (namespace, content, metadata) => sealer.sealStream(namespace, swallowing(content), metadata),
  })),
  "takes the error of reading for the end": planted((sealer) => ({
    openStream: (context, read, length) =>
      sealer.openStream(context, async (start, end) => swallowing((await read(start, end)) as never), length),
  })),
  "ends a stream cleanly whatever happens": planted((sealer) => ({
    async openStream(...given) {
      const opened = await sealer.openStream(...given);
      return opened?.verdict === "opened" ? { ...opened, content: swallowing(opened.content) } : opened;
    },
  })),
  "throws for what is absent": planted((sealer) => ({
    async openStream(...given) {
      const opened = await sealer.openStream(...given);
      if (opened === undefined) throw new Error("there is nothing");
      return opened;
    },
  })),
  "goes back in the sealed bytes": planted((sealer) => ({
    async openStream(context, read, length) {
      const whole = await read(0, length);
      if (whole === undefined) return undefined;
      const bytes = await collect(whole);
      return sealer.openStream(context, (start, end) => read(start, Math.min(end, bytes.length)), length);
    },
  })),
  "uses one buffer for all the pieces it hands out": planted((sealer) => ({
    async openStream(...given) {
      const opened = await sealer.openStream(...given);
      return opened?.verdict === "opened" ? { ...opened, content: reusing(opened.content) } : opened;
    },
  })),
  "reads only the first piece of a head": planted((sealer) => ({
    openStream: (context, read, length) =>
      sealer.openStream(context, async (start, end) => (start === 0 ? firstOf(await read(start, end)) : read(start, end)), length),
  })),
  "tells the sealed length for the size": planted((sealer) => ({
    async openStream(context, read, length) {
      const opened = await sealer.openStream(context, read, length);
      return opened?.verdict === "opened" ? { ...opened, size: length } : opened;
    },
  })),
};

async function* firstOf(pieces: AsyncIterable<Uint8Array> | undefined): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces ?? []) {
    yield piece;
    return;
  }
}

const rangeFaults: Faults<SealerFixture> = {
  "takes the end of a range as part of it": planted((sealer) => ({
    openRange: (context, read, length, { start, end }) => sealer.openRange(context, read, length, { start, end: end + 1 }),
  })),
  "refuses ranges out of bounds": planted((sealer) => ({
    openRange(context, read, length, range) {
      if (range.start < 0 || range.end > length) throw new RangeError("out of bounds");
      return sealer.openRange(context, read, length, range);
    },
  })),
  "fails for a range of nothing": planted((sealer) => ({
    async openRange(...given) {
      const opened = await sealer.openRange(...given);
      if (opened?.verdict === "opened" && opened.size === 0) throw new Error("nothing there");
      return opened;
    },
  })),
  "takes the error of reading a range for the end": planted((sealer) => ({
    openRange: (context, read, length, range) =>
      sealer.openRange(context, async (start, end) => swallowing((await read(start, end)) as never), length, range),
  })),
};

const carelessFaults: Faults<SealerFixture> = {
  "opens in place": planted((sealer) => ({
    open(context, sealed) {
      const opened = sealer.open(context, sealed);
      if (opened.verdict === "foreign") return opened;
      sealed.set(opened.content.subarray(0, sealed.length));
      return opened;
    },
  })),
  "seals in place": planted((sealer) => ({
    seal(context, content, metadata) {
      const sealed = sealer.seal(context, content, metadata);
      content.fill(0);
      return sealed;
    },
  })),
};

describe("the toy sealer", () => {
  passes(sealerCases, () => toySealerFixture());
});

describe("the sealer cases", () => {
  provesItself(sealerCases, {
    ...bindingFaults,
    ...proofFaults,
    ...keyFaults,
    ...streamFaults,
    ...rangeFaults,
    ...carelessFaults,
  });
});
