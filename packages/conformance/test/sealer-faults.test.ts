import type { SealContext, SealedMetadata, Sealer } from "@cache/core";
import { collect, concat, fromUtf8, utf8 } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import { describe } from "vitest";
import { type SealerFixture, sealerCases } from "../src/index.ts";
import { type Fault, type Faults, passes, provesItself } from "./matrix.ts";
import type { Quirks } from "./toy-chunks.ts";
import { toySealer, toySealerFixture } from "./toy-sealer.ts";
import { A } from "./toy-signer.ts";

type Role = keyof SealerFixture;
type Planted = Fault<SealerFixture>;

/** The toy with a quirk. */
const quirky = (fails: RegExp, quirks: Quirks): Planted => ({ fails, fixture: () => toySealerFixture(quirks) });

/** The toy bound to less than it was told. */
const binding = (fails: RegExp, bind: (context: SealContext) => SealContext, quirks: Quirks = {}): Planted =>
  quirky(fails, { bind, ...quirks });

/** The toy with some of it replaced. */
function planted(fails: RegExp, fault: (sealer: Sealer, role: Role) => Partial<Sealer>): Planted {
  const fixture = () => toySealerFixture({}, (sealer, role) => ({ ...sealer, ...fault(sealer, role) }));
  return { fails, fixture };
}

/** The toy with what all three ways to open answer changed. */
function answering(fails: RegExp, change: (opened: Loose) => Loose): Planted {
  return planted(fails, (sealer) => {
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
  "does not bind the namespace": binding(/^(open|names): (another|no|content of another) namespace|^open: another context/, (context) => ({ ...context, namespace: "" })),
  "does not bind the kind": binding(/^(open|names): the other kind/, (context) => ({ ...context, kind: "entries" }), { skipDigest: true }),
  "does not bind the key": binding(/^(open|names): (another key is|content of another digest)/, (context) => ({ ...context, key: new Uint8Array(32) }), { skipDigest: true }),
  "binds namespace and key without a border": binding(/^(open|names): the (border|namespace moved)/, ({ namespace, kind, key }) => ({
    namespace: "",
    kind,
    key: concat(utf8(namespace), key),
  })),
  "binds three bytes of a key": binding(/^(open|names): a key that goes on/, (context) => ({ ...context, key: context.key.slice(0, 3) })),
  "binds a key up to NUL": binding(/^(open|names): a key with NUL/, (context) => {
    const end = context.key.indexOf(0);
    return context.kind === "blobs" || end < 0 ? context : { ...context, key: context.key.slice(0, end) };
  }),
  "binds the normal form of a key": binding(/^(open|names): another normal form/, (context) => ({
    ...context,
    key: text(context.key, (key) => key.normalize("NFC")),
  })),
  "binds a key without its case": binding(/^(open|names): another case/, (context) => ({
    ...context,
    key: text(context.key, (key) => key.toLowerCase()),
  })),
  "takes any context": binding(/^names and seal/, (context) => ({ ...context, namespace: context.namespace.toWellFormed() }), {
    unchecked: true,
  }),
  "refuses long namespaces": planted(/^seal: the longest/, (sealer) => ({
    seal(context, ...rest) {
      if (context.namespace.length > 100) throw new TypeError("too long");
      return sealer.seal(context, ...rest);
    },
  })),
};

const proofFaults: Faults<SealerFixture> = {
  "does not check the head's tag": quirky(/: not one flipped bit|^open: another context/, { skipHeadTag: true }),
  "does not check any tag of a body": quirky(/flipped bit|^open: a head does not|^openStream: damage|^openRange: a false byte/, { skipBodyTag: () => true, skipDigest: true }),
  "does not check the tags of a body but at the end": quirky(/^openStream: damage|^openRange: a false byte/, { skipBodyTag: () => true }),
  "does not check the first tag of a body": quirky(/flipped bit|^open: a head does not|^openStream: damage|^openRange: a false byte/, { skipBodyTag: (index) => index === 0, skipDigest: true }),
  "does not check the length": quirky(/^open: content that is not what/, { skipLength: true, skipDigest: true }),
  "does not check the digest": quirky(/^open: content that is not what/, { skipDigest: true }),
  "takes any end for the end": quirky(/: no part of it|: nothing may be added/, {
    skipLength: true,
    skipDigest: true,
    anyLastChunk: true,
    skipBodyTag: () => true,
  }),
  "has no key for a body": quirky(/^seal: twice|^open: a head does not/, { bodyFromContext: true }),
  "draws no random bytes": quirky(/^seal: twice/, { random: (length) => new Uint8Array(length) }),
  "hides nothing": quirky(/^seal: nothing of the content/, { unmasked: true }),
  "opens nothing": planted(/open again/, () => ({
    open: () => ({ verdict: "foreign", code: "ERR_CACHE_UNKNOWN_KEY" }),
    openStream: async () => ({ verdict: "foreign", code: "ERR_CACHE_UNKNOWN_KEY" }),
    openRange: async () => ({ verdict: "foreign", code: "ERR_CACHE_UNKNOWN_KEY" }),
  })),
  "opens what was never sealed": planted(/^open: (no part|what was never)/, (sealer) => ({
    open(context, sealed) {
      if (sealer.inspect(sealed) !== undefined) return sealer.open(context, sealed);
      const metadata = { created: 0, expires: 0, sequence: 0 };
      return { verdict: "opened", keyId: new Uint8Array(16), retired: false, content: sealed, metadata };
    },
  })),
  "throws errors without a code": planted(/^open: (what was never|another context|nothing may)/, (sealer) => ({
    open(context, sealed) {
      try {
        return sealer.open(context, sealed);
      } catch {
        throw new RangeError("offset is out of bounds");
      }
    },
  })),
  "takes what is broken for somebody else's": planted(/^open: another context/, (sealer) => ({
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
  "loses the metadata": answering(/open again/, (opened) => ({ ...opened, metadata: { created: 0, expires: 0, sequence: 0 } })),
  "keeps 32 bits of a number": planted(/^seal: keeps the largest/, (sealer) => ({
    seal: (context, content, { created, expires, sequence }) =>
      sealer.seal(context, content, { created, expires, sequence: sequence >>> 0 }),
  })),
  "throws for another key": answering(/^open: what another key/, (opened) => {
    if (opened.verdict === "foreign") throw new Error("wrong key");
    return opened;
  }),
  "calls a revoked key unknown": answering(/^open: what a revoked key/, (opened) =>
    opened.verdict === "foreign" ? { ...opened, code: "ERR_CACHE_UNKNOWN_KEY" } : opened,
  ),
  "opens with a revoked key": planted(/^open: what a revoked key|^inspect: tells/, (sealer, role) => {
    if (role !== "revoked") return {};
    const { open, openStream, openRange, inspect } = toySealer([{ secret: A, state: "active" }]);
    return { ...sealer, open, openStream, openRange, inspect };
  }),
  "does not mark what a retired key sealed": answering(/^open: what a retired key/, (opened) => ({ ...opened, retired: false })),
  "marks everything as sealed by a retired key": answering(/^open: what the current key/, (opened) => ({ ...opened, retired: true })),
  "tells another key than inspect": answering(/^open: tells the key/, (opened) => ({ ...opened, keyId: new Uint8Array(16) })),
  "goes on writing under the retired key": planted(/^seal: after a rotation|^open: what the current key/, (sealer, role) => {
    if (role !== "rotated") return {};
    return { ...sealer, seal: toySealer([{ secret: A, state: "active" }]).seal };
  }),
  "names only what it would write": planted(/^names: after a rotation/, (sealer) => ({ names: (context) => sealer.names(context).slice(0, 1) })),
  "names under revoked keys too": planted(/^names: none of a revoked/, (sealer, role) => {
    const old = toySealer([{ secret: A, state: "active" }]);
    return role === "revoked" ? { names: (context) => [...sealer.names(context), ...old.names(context)] } : {};
  }),
  "names by chance": planted(/^names: the same|^sealStream: tells/, () => ({ names: () => [crypto.random(32)] })),
  "names in 20 bytes": planted(/^names: the same/, (sealer) => ({ names: (context) => sealer.names(context).map((name) => name.slice(0, 20)) })),
  "names the key as it is": planted(/^names: tell neither/, (sealer) => ({
    names: (context) => [context.key.length === 32 ? context.key : (sealer.names(context)[0] as Uint8Array)],
  })),
  "names without a key": planted(/^names: another key gives/, () => ({ names: (context) => [crypto.sha256(utf8(context.namespace), context.key)] })),
  "inspects only its own": planted(/^inspect: tells/, (sealer) => ({
    inspect(prefix) {
      const found = sealer.inspect(prefix);
      return found?.state === "readable" ? found : undefined;
    },
  })),
  "takes everything for sealed": planted(/^inspect: what does not/, () => ({ inspect: () => ({ keyId: new Uint8Array(16), state: "unknown" }) })),
};

const streamFaults: Faults<SealerFixture> = {
  "tells another digest": planted(/^sealStream: tells/, (sealer) => ({
    sealStream(...given) {
      const stream = sealer.sealStream(...given);
      return { ...stream, finish: () => ({ ...stream.finish(), digest: new Uint8Array(32) }) };
    },
  })),
  "stops at an empty piece": planted(/^sealStream: pieces of one byte/, (sealer) => ({
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
  "keeps the pieces it is given": planted(/^sealStream: the content may use/, (sealer) => ({
    sealStream(namespace, content, metadata) {
      async function* keeping(): AsyncGenerator<Uint8Array> {
        const kept: Uint8Array[] = [];
        for await (const piece of content) kept.push(piece);
        yield* kept;
      }
      return sealer.sealStream(namespace, keeping(), metadata);
    },
  })),
  "swallows the error of the content": planted(/^sealStream: the error/, (sealer) => ({
    sealStream: (namespace, content, metadata) => sealer.sealStream(namespace, swallowing(content), metadata),
  })),
  "takes the error of reading for the end": planted(/: the error of the reading/, (sealer) => ({
    openStream: (context, read, length) =>
      sealer.openStream(context, async (start, end) => swallowing((await read(start, end)) as never), length),
  })),
  "ends a stream cleanly whatever happens": planted(/^openStream: (not one|damage|no part)/, (sealer) => ({
    async openStream(...given) {
      const opened = await sealer.openStream(...given);
      return opened?.verdict === "opened" ? { ...opened, content: swallowing(opened.content) } : opened;
    },
  })),
  "throws for what is absent": planted(/: undefined when|^openStream: what vanishes/, (sealer) => ({
    async openStream(...given) {
      const opened = await sealer.openStream(...given);
      if (opened === undefined) throw new Error("there is nothing");
      return opened;
    },
  })),
  "goes back in the sealed bytes": planted(/^openStream: asks/, (sealer) => ({
    async openStream(context, read, length) {
      const whole = await read(0, length);
      if (whole === undefined) return undefined;
      const bytes = await collect(whole);
      return sealer.openStream(context, (start, end) => read(start, Math.min(end, bytes.length)), length);
    },
  })),
  "uses one buffer for all the pieces it hands out": planted(/: (16385|262145) bytes open again/, (sealer) => ({
    async openStream(...given) {
      const opened = await sealer.openStream(...given);
      return opened?.verdict === "opened" ? { ...opened, content: reusing(opened.content) } : opened;
    },
  })),
  "reads only the first piece of a head": planted(/^openStream: sealed bytes may/, (sealer) => ({
    openStream: (context, read, length) =>
      sealer.openStream(context, async (start, end) => (start === 0 ? firstOf(await read(start, end)) : read(start, end)), length),
  })),
  "tells the sealed length for the size": planted(/open again/, (sealer) => ({
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
  "takes the end of a range as part of it": planted(/^openRange: (every range|ranges from)/, (sealer) => ({
    openRange: (context, read, length, { start, end }) => sealer.openRange(context, read, length, { start, end: end + 1 }),
  })),
  "refuses ranges out of bounds": planted(/^openRange: ranges from/, (sealer) => ({
    openRange(context, read, length, range) {
      if (range.start < 0 || range.end > length) throw new RangeError("out of bounds");
      return sealer.openRange(context, read, length, range);
    },
  })),
  "fails for a range of nothing": planted(/^openRange: any range of an empty/, (sealer) => ({
    async openRange(...given) {
      const opened = await sealer.openRange(...given);
      if (opened?.verdict === "opened" && opened.size === 0) throw new Error("nothing there");
      return opened;
    },
  })),
  "takes the error of reading a range for the end": planted(/: the error of the reading/, (sealer) => ({
    openRange: (context, read, length, range) =>
      sealer.openRange(context, async (start, end) => swallowing((await read(start, end)) as never), length, range),
  })),
};

const carelessFaults: Faults<SealerFixture> = {
  "opens in place": planted(/^seal and open: leave/, (sealer) => ({
    open(context, sealed) {
      const opened = sealer.open(context, sealed);
      if (opened.verdict === "foreign") return opened;
      sealed.set(opened.content.subarray(0, sealed.length));
      return opened;
    },
  })),
  "seals in place": planted(/^seal and open: leave/, (sealer) => ({
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
