import type { Name } from "@cache/core";
import { concat } from "@cache/core/bytes";
import type { StoreFixture } from "../../src/index.ts";
import { turn } from "../../src/samples.ts";
import type { Faults } from "../matrix.ts";
import { damaging, planted } from "./planted.ts";

/** Keeps what `keep` makes of a put, and hands out copies of that. */
function keeping(fails: RegExp, keep: (bytes: Uint8Array) => Uint8Array): Faults<StoreFixture>[string] {
  return planted(fails, (inner) => {
    const kept = new Map<Name, Uint8Array>();
    return {
      put(name, bytes, options) {
        kept.set(name, keep(bytes));
        return inner.put(name, bytes, options);
      },
      async get(name) {
        const bytes = kept.get(name);
        return bytes && new Uint8Array(bytes);
      },
    };
  });
}

function withoutCarriageReturns(bytes: Uint8Array): Uint8Array {
  return bytes.filter((byte, at) => byte !== 0x0d || bytes[at + 1] !== 0x0e);
}

/** Writing whole values. */
export const writingFaults: Faults<StoreFixture> = {
  "takes an empty value for an absent one": planted(
    /: nothing come back|^open: any range of an empty|ifAbsent counts an empty|^get: a value as long/,
    (inner) => ({
      async get(name, options) {
        const bytes = await inner.get(name, options);
        return bytes?.length === 0 ? undefined : bytes;
      },
      async open(name, options) {
        return (await inner.stat(name))?.size === 0 ? undefined : inner.open(name, options);
      },
    }),
  ),
  "fills up to an even length": damaging(/: (1 byte|64 KiB less|64 KiB and|1 MiB less|1 MiB and|5 MiB)/, (bytes) =>
    bytes.length % 2 === 0 ? bytes : concat(bytes, Uint8Array.of(0)),
  ),
  "leaves out a byte, as text mode does": damaging(/^put: every byte value/, withoutCarriageReturns),
  "keeps 99 KiB of a value": damaging(/: (100 KiB|1 MiB|5 MiB)/, (bytes) => bytes.slice(0, 99 * 1024)),
  "loses the last block when it is whole": damaging(/: (64 KiB|1 MiB) come back/, (bytes) =>
    bytes.length > 0 && bytes.length % 65_536 === 0 ? bytes.slice(0, -65_536) : bytes,
  ),
  "says that a put over others has not written": planted(/^(put|putStream): says/, (inner) => ({
    async put(name, bytes, options) {
      const taken = (await inner.stat(name)) !== undefined;
      await inner.put(name, bytes, options);
      return { written: !taken };
    },
    async putStream(draft, options) {
      await inner.putStream(draft, options);
      return { written: false };
    },
  })),
  "writes over what is there without cutting it": planted(/^put: replaces/, (inner) => ({
    async put(name, bytes, options) {
      const before = (await inner.get(name)) ?? new Uint8Array(0);
      return inner.put(name, concat(bytes, before.subarray(bytes.length)), options);
    },
  })),
  "never replaces": planted(/^(put|putStream): replaces|^put: the last writer|^reopen: two handles/, (inner) => ({
    put: async (name, bytes) => {
      await inner.put(name, bytes, { ifAbsent: true });
      return { written: true };
    },
    putStream: async (draft) => {
      await inner.putStream(draft, { ifAbsent: true });
      return { written: true };
    },
  })),
  "loses puts when there are many at once": planted(/^(put|putStream): a hundred/, (inner) => {
    let busy = 0;
    const lossy = async <T>(work: () => Promise<T>) => {
      busy++;
      await turn();
      const lost = busy > 64;
      if (!lost) await work();
      busy--;
      return { written: true };
    };
    return {
      put: (...given) => lossy(() => inner.put(...given)),
      putStream: (...given) => lossy(() => inner.putStream(...given)),
    };
  }),
  "keeps the caller's buffer": keeping(/^put: takes a copy/, (bytes) => bytes),
  "trusts slice to copy": keeping(/^put: takes a copy of what only claims/, (bytes) => bytes.slice()),
  "keeps all of the buffer under a window": keeping(/^put: takes a window/, (bytes) => new Uint8Array(bytes.buffer)),
};
