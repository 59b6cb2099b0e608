import type { SealerFixture } from "../../src/index.ts";
import type { Faults } from "../matrix.ts";
import { planted, quirky } from "./planted.ts";

/** What is checked before it is believed. */
export const proofFaults: Faults<SealerFixture> = {
  "does not check the head's tag": quirky(/: not one flipped bit|^open: another context/, { skipHeadTag: true }),
  "does not check any tag of a body": quirky(
    /flipped bit|^open: a head does not|^openStream: damage|^openRange: a false byte/,
    { skipBodyTag: () => true, skipDigest: true },
  ),
  "does not check the tags of a body but at the end": quirky(/^openStream: damage|^openRange: a false byte/, {
    skipBodyTag: () => true,
  }),
  "does not check the first tag of a body": quirky(
    /flipped bit|^open: a head does not|^openStream: damage|^openRange: a false byte/,
    { skipBodyTag: (index) => index === 0, skipDigest: true },
  ),
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
