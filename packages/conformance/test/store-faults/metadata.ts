import type { Name, Stat, Store } from "@cache/core";
import { toHex } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import type { StoreFixture } from "../../src/index.ts";
import type { Fault, Faults } from "../matrix.ts";
import { planted } from "./planted.ts";

/** Rows of `stat` changed. */
function stating(
  fails: RegExp,
  make: (inner: Store) => (stat: Stat, name: Name) => Stat | Promise<Stat>,
): Fault<StoreFixture> {
  return planted(fails, (inner) => {
    const change = make(inner);
    return {
      async stat(name, options) {
        const stat = await inner.stat(name, options);
        return stat && change(stat, name);
      },
    };
  });
}

/** What is known of a name, and deleting it. */
export const metadataFaults: Faults<StoreFixture> = {
  "tells blocks for bytes": stating(/^stat: size/, () => (stat) => ({
    ...stat,
    size: Math.ceil(stat.size / 512) * 512,
  })),
  "tells seconds for milliseconds": stating(/^stat: modified is/, () => (stat) => ({
    ...stat,
    modified: Math.floor(stat.modified / 1000),
  })),
  "tells the time of the first put": stating(/^stat: modified changes/, () => {
    const first = new Map<Name, number>();
    return (stat, name) => {
      const modified = first.get(name) ?? stat.modified;
      first.set(name, modified);
      return { ...stat, modified };
    };
  }),
  "tells the time of the latest read": stating(/^stat: modified changes/, () => (stat) => ({
    ...stat,
    modified: Date.now(),
  })),
  "has a new version for every question": stating(/^stat: version stays/, () => {
    let count = 0;
    return (stat) => ({ ...stat, version: `${stat.version}-${count++}` });
  }),
  "has a number for a version": stating(/^stat: version stays/, () => (stat) => ({
    ...stat,
    version: Number(stat.version) as never,
  })),
  "takes the digest for the version": planted(/^stat: version differs|^delete: ifVersion leaves/, (inner) => {
    const versionOf = async (name: Name) => toHex(crypto.sha256((await inner.get(name)) ?? new Uint8Array(0)));
    return {
      async stat(name, options) {
        const stat = await inner.stat(name, options);
        return stat && { ...stat, version: await versionOf(name) };
      },
      async delete(name, { ifVersion, signal } = {}) {
        if (ifVersion === undefined || ifVersion === (await versionOf(name))) await inner.delete(name, { signal });
      },
    };
  }),
  "takes the millisecond for the version": stating(/^stat: version differs/, () => (stat) => ({
    ...stat,
    version: String(Math.floor(stat.modified / 1000)),
  })),
  "counts versions from one after a delete": planted(/^stat: version differs after a delete/, (inner) => {
    const counts = new Map<Name, number>();
    return {
      put(name, bytes, options) {
        counts.set(name, (counts.get(name) ?? 0) + 1);
        return inner.put(name, bytes, options);
      },
      delete(name, options) {
        counts.delete(name);
        return inner.delete(name, options);
      },
      async stat(name, options) {
        const stat = await inner.stat(name, options);
        return stat && { ...stat, version: String(counts.get(name)) };
      },
    };
  }),
  "deletes nothing": planted(/^delete: (the name is gone|ifVersion deletes|quarantine)|^reopen: two handles/, () => ({
    delete: async () => {},
  })),
  "deletes everything": planted(/^delete: the name is gone/, (inner) => ({
    async delete(_, options) {
      for await (const { name } of inner.list("blobs")) await inner.delete(name, options);
    },
  })),
  "throws when it deletes what is absent": planted(/^delete: of what is absent/, (inner) => ({
    async delete(name, options) {
      if ((await inner.stat(name)) === undefined) throw new Error("there is none");
      return inner.delete(name, options);
    },
  })),
  "ignores ifVersion": planted(/^delete: ifVersion leaves/, (inner) => ({
    delete: (name, { signal } = {}) => inner.delete(name, { signal }),
  })),
  "deletes nothing when there is an ifVersion": planted(/^delete: (ifVersion deletes|a put heals)/, (inner) => ({
    delete: async (name, options) => (options?.ifVersion === undefined ? inner.delete(name, options) : undefined),
  })),
  "leaves what was quarantined where readers find it": planted(
    /^delete: quarantine takes|^list: leaves out/,
    (inner) => ({ delete: async (name, options) => (options?.quarantine ? undefined : inner.delete(name, options)) }),
  ),
  "quarantines a name once and never again": planted(/^delete: a put heals/, (inner) => {
    const aside = new Set<Name>();
    return {
      async delete(name, options) {
        if (options?.quarantine === true && aside.has(name)) throw new Error("it is set aside already");
        if (options?.quarantine === true) aside.add(name);
        return inner.delete(name, options);
      },
    };
  }),
};
