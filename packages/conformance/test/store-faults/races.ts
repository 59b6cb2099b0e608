import type { PutOptions, Store } from "@cache/core";
import { collectDraft } from "@cache/core/adapter";
import { concat } from "@cache/core/bytes";
import { referenceStore, type StoreFixture } from "../../src/index.ts";
import { turn } from "../../src/samples.ts";
import type { Fault, Faults } from "../matrix.ts";
import { planted } from "./planted.ts";

type Put = Store["put"];

/** Both ways to put, done by one function. */
function putting(fails: RegExp, make: (inner: Store) => Put): Fault<StoreFixture> {
  return planted(fails, (inner) => {
    const put = make(inner);
    return {
      put,
      async putStream(draft, options) {
        options?.signal?.throwIfAborted();
        const { name, bytes } = await collectDraft(draft, options);
        return put(name, bytes, options);
      },
    };
  });
}

const without = ({ signal }: PutOptions = {}): PutOptions => ({ signal });

/** The first writer wins, and readers beside writers. */
export const raceFaults: Faults<StoreFixture> = {
  "ignores ifAbsent": putting(
    /: ifAbsent (leaves|counts|lets)/,
    (inner) => (name, bytes, options) => inner.put(name, bytes, without(options)),
  ),
  "never writes with ifAbsent": putting(
    /: ifAbsent (writes|lets)/,
    (inner) => async (name, bytes, options) =>
      options?.ifAbsent === true ? { written: false } : inner.put(name, bytes, options),
  ),
  "tells a writer that lost that it has written": putting(/: ifAbsent (leaves|lets)/, (inner) => async (...given) => {
    await inner.put(...given);
    return { written: true };
  }),
  "writes what is there again for a writer that lost": putting(
    /: ifAbsent leaves/,
    (inner) => async (name, bytes, options) => {
      const result = await inner.put(name, bytes, options);
      if (!result.written) await inner.put(name, (await inner.get(name)) as Uint8Array);
      return result;
    },
  ),
  "looks whether a name is free, and then writes": putting(
    /: ifAbsent lets one/,
    (inner) => async (name, bytes, options) => {
      const taken = options?.ifAbsent === true && (await inner.stat(name)) !== undefined;
      await turn();
      return taken ? { written: false } : inner.put(name, bytes, without(options));
    },
  ),
  "takes a deleted name for taken": putting(/: ifAbsent writes again|^delete: a put heals/, (inner) => {
    const taken = new Set<string>();
    return async (name, bytes, options) => {
      if (options?.ifAbsent === true && taken.has(name)) return { written: false };
      taken.add(name);
      return inner.put(name, bytes, options);
    };
  }),
  "takes a name for taken after a stream that failed": planted(/^putStream: the error of (a body|finish)/, (inner) => {
    let failed = false;
    return {
      putStream: (...given) =>
        inner.putStream(...given).catch((error: unknown) => {
          failed = true;
          throw error;
        }),
      put: async (name, bytes, options) => (failed ? { written: false } : inner.put(name, bytes, options)),
    };
  }),
  "writes the two halves of a value one after the other": putting(
    /^(put|putStream): (a reader never sees|who reads in pieces|of a name that was free)/,
    (inner) => async (name, bytes, options) => {
      await inner.put(name, bytes.subarray(0, bytes.length >> 1), options);
      await turn();
      return inner.put(name, bytes, without(options));
    },
  ),
  "lets writers at once mix": putting(/^put: of writers at once/, (inner) => async (name, bytes, options) => {
    const half = bytes.length >> 1;
    const result = await inner.put(name, bytes.subarray(0, half), options);
    await turn();
    await inner.put(name, concat(((await inner.get(name)) ?? bytes).subarray(0, half), bytes.subarray(half)));
    return result;
  }),
  "removes the old value and then writes": putting(
    /^(put|putStream): a reader never sees/,
    (inner) => async (name, bytes, options) => {
      await inner.delete(name);
      await turn();
      return inner.put(name, bytes, options);
    },
  ),
  "looks at the version, and then deletes": planted(/^delete: ifVersion never undoes/, (inner) => ({
    async delete(name, { ifVersion, signal } = {}) {
      const same = ifVersion === undefined || (await inner.stat(name))?.version === ifVersion;
      await turn();
      if (same) await inner.delete(name, { signal });
    },
  })),
};

/** Two handles on one medium. */
function handles(fails: RegExp, make: (medium: Store) => { first: Store; second: Store }): Fault<StoreFixture> {
  return {
    fails,
    fixture() {
      const { first, second } = make(referenceStore());
      return { open: async () => first, reopen: async () => second, persistent: true };
    },
  };
}

function remembering(medium: Store): Store {
  const known = new Map<string, Uint8Array>();
  return {
    ...medium,
    async get(name, options) {
      const bytes = known.get(name) ?? (await medium.get(name, options));
      if (bytes !== undefined) known.set(name, bytes);
      return bytes;
    },
    put(name, bytes, options) {
      known.set(name, bytes);
      return medium.put(name, bytes, options);
    },
  };
}

function numbering(medium: Store, prefix: string): Store {
  return {
    ...medium,
    async stat(...given) {
      const stat = await medium.stat(...given);
      return stat && { ...stat, version: prefix + stat.version };
    },
  };
}

/** Several handles. */
export const handleFaults: Faults<StoreFixture> = {
  "remembers what it has read, whatever other handles put": handles(
    /^put: (the last writer|of writers at once)|^reopen: two handles/,
    (medium) => ({ first: remembering(medium), second: remembering(medium) }),
  ),
  "keeps everything to itself": handles(/^reopen: (sees|two handles)/, (medium) => ({
    first: medium,
    second: referenceStore(),
  })),
  "says that it is persistent and is not": handles(/^reopen: gives/, (medium) => ({ first: medium, second: medium })),
  "has versions of its own in every handle": handles(/^stat: version stays/, (medium) => ({
    first: numbering(medium, "a"),
    second: numbering(medium, "b"),
  })),
};
