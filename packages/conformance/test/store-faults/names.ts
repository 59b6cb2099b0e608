import type { Name } from "@cache/core";
import { CacheError, collectDraft } from "@cache/core/adapter";
import type { StoreFixture } from "../../src/index.ts";
import type { Faults } from "../matrix.ts";
import { isName, planted } from "./planted.ts";

const lower = (name: Name): Name => name.toLowerCase() as Name;

/** Names that a medium should never see. */
export const nameFaults: Faults<StoreFixture> = {
  "gets any name": planted(/^get: a malformed/, (inner) => ({
    get: async (name, options) => (isName(name) ? inner.get(name, options) : undefined),
  })),
  "opens any name": planted(/^open: a malformed/, (inner) => ({
    open: async (name, options) => (isName(name) ? inner.open(name, options) : undefined),
  })),
  "puts any name": planted(/^put: a malformed/, (inner) => ({
    put: async (name, bytes, options) => (isName(name) ? inner.put(name, bytes, options) : { written: true }),
  })),
  "puts a stream under any name": planted(/^putStream: a malformed/, (inner) => ({
    async putStream(draft, options) {
      const { name, bytes } = await collectDraft(draft, options);
      return isName(name) ? inner.put(name, bytes, options) : { written: true };
    },
  })),
  "stats any name": planted(/^stat: a malformed/, (inner) => ({
    stat: async (name, options) => (isName(name) ? inner.stat(name, options) : undefined),
  })),
  "deletes any name": planted(/^delete: a malformed/, (inner) => ({
    delete: async (name, options) => (isName(name) ? inner.delete(name, options) : undefined),
  })),
  "makes names lower-case": planted(/^(get|stat|delete): a malformed/, (inner) => ({
    get: async (name, options) => inner.get(lower(name), options),
    stat: async (name, options) => inner.stat(lower(name), options),
    delete: async (name, options) => inner.delete(lower(name), options),
  })),
  "calls a malformed name a failure of the store": planted(/^(get|open): a malformed/, (inner) => ({
    async get(name, options) {
      if (!isName(name)) throw new CacheError("ERR_CACHE_STORE", "no such name");
      return inner.get(name, options);
    },
    async open(name, options) {
      if (!isName(name)) throw new CacheError("ERR_CACHE_STORE", "no such name");
      return inner.open(name, options);
    },
  })),
  "keeps all kinds under the digest alone": planted(/^get: the kinds|^list: every complete/, (inner) => {
    const blob = (name: Name): Name => name.replace(/^\w+/, "blobs") as Name;
    return {
      get: async (name, options) => inner.get(blob(name), options),
      put: async (name, bytes, options) => inner.put(blob(name), bytes, options),
      async *list(kind, options) {
        for await (const row of inner.list("blobs", options)) {
          yield { ...row, name: row.name.replace("blobs/", `${kind}/`) as Name };
        }
      },
    };
  }),
};
