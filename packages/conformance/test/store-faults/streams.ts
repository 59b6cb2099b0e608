import type { Draft, Name, Store } from "@cache/core";
import { CacheError, collectDraft } from "@cache/core/adapter";
import { concat } from "@cache/core/bytes";
import type { StoreFixture } from "../../src/index.ts";
import type { Faults } from "../matrix.ts";
import { planted, withBody } from "./planted.ts";

/** `putStream` over another body. */
function feeding(body: (draft: Draft) => AsyncIterable<Uint8Array>): (inner: Store) => Partial<Store> {
  return (inner) => ({ putStream: (draft, options) => inner.putStream(withBody(draft, body(draft)), options) });
}

/** `putStream` that joins what `keep` makes of each piece at the end. */
function joining(keep: (piece: Uint8Array) => Uint8Array): (inner: Store) => Partial<Store> {
  return (inner) => ({
    async putStream(draft, options) {
      const parts: Uint8Array[] = [];
      for await (const piece of draft.body) parts.push(keep(piece));
      const { name, head } = draft.finish();
      return inner.put(name, concat(head, ...parts), options);
    },
  });
}

async function* untilEmpty({ body }: Draft): AsyncGenerator<Uint8Array> {
  for await (const piece of body) {
    if (piece.length === 0) return;
    yield piece;
  }
}

async function* untilError({ body }: Draft): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch {}
}

const BROKEN = /^putStream: the error of a body|^putStream: a body that fails leaves/;

/** Writing streams. */
export const streamFaults: Faults<StoreFixture> = {
  "leaves the head out": planted(/^putStream: a head|^stat: size/, (inner) => ({
    putStream: (draft, options) =>
      inner.putStream(
        { headLength: 0, body: draft.body, finish: () => ({ ...draft.finish(), head: new Uint8Array(0) }) },
        options,
      ),
  })),
  "puts the head behind the body": planted(/^putStream: a head of/, (inner) => ({
    async putStream(draft, options) {
      const { name, bytes } = await collectDraft(draft, options);
      return inner.put(name, concat(bytes.subarray(draft.headLength), bytes.subarray(0, draft.headLength)), options);
    },
  })),
  "keeps the head it was given": planted(/^putStream: takes a copy of the head/, (inner) => {
    const heads = new Map<Name, Uint8Array>();
    return {
      putStream(draft, options) {
        const finish = () => {
          const finished = draft.finish();
          heads.set(finished.name, finished.head);
          return finished;
        };
        return inner.putStream({ ...draft, finish }, options);
      },
      async get(name) {
        const bytes = await inner.get(name);
        bytes?.set(heads.get(name) ?? []);
        return bytes;
      },
    };
  }),
  "stops at an empty piece": planted(/^putStream: thousands of tiny/, feeding(untilEmpty)),
  "keeps 2 MiB of a piece": planted(
    /^putStream: one piece/,
    joining((piece) => piece.slice(0, 2 * 1024 * 1024)),
  ),
  "keeps the pieces it was given": planted(
    /^putStream: (a body may use|pieces that only)/,
    joining((piece) => piece),
  ),
  "trusts slice to copy a piece": planted(
    /^putStream: pieces that only/,
    joining((piece) => piece.slice()),
  ),
  "finishes twice": planted(/^putStream: (reads the body once|a draft that loses)/, (inner) => ({
    async putStream(draft, options) {
      const result = await inner.putStream(draft, options);
      draft.finish();
      return result;
    },
  })),
  "finishes before the body has ended": planted(/^putStream: (reads the body once|a draft that loses)/, (inner) => ({
    putStream(draft, options) {
      const finished = draft.finish();
      return inner.putStream({ headLength: draft.headLength, body: draft.body, finish: () => finished }, options);
    },
  })),
  "reads the body twice": planted(/^putStream: reads the body once/, (inner) => ({
    async putStream(draft, options) {
      const result = await inner.putStream(draft, options);
      for await (const _ of draft.body);
      return result;
    },
  })),
  "shows a stream as it comes": planted(/^putStream: nothing is seen|^list: names only/, (inner) => ({
    async putStream(draft, options) {
      const { name, head } = draft.finish();
      let bytes = head;
      for await (const piece of draft.body) {
        bytes = concat(bytes, piece);
        await inner.put(name, bytes);
      }
      return inner.put(name, bytes, options);
    },
  })),
  "serves nobody while a stream comes": planted(/^putStream: nothing is seen/, (inner) => {
    let busy = false;
    return {
      async putStream(...given) {
        busy = true;
        const result = await inner.putStream(...given);
        busy = false;
        return result;
      },
      async get(...given) {
        if (busy) throw new CacheError("ERR_CACHE_STORE", "the store is locked");
        return inner.get(...given);
      },
    };
  }),
  "lists a stream under a name of its own while it comes": planted(/^list: names only/, (inner) => {
    let busy = 0;
    return {
      async putStream(...given) {
        busy++;
        return inner.putStream(...given).finally(() => busy--);
      },
      async *list(kind, options) {
        yield* inner.list(kind, options);
        if (busy > 0) yield { name: `${kind}/tmp-1`, size: 0, modified: Date.now() };
      },
    };
  }),
  "calls the error of a draft its own": planted(/^putStream: (the error of|a body that fails)/, (inner) => ({
    putStream: (...given) =>
      inner.putStream(...given).catch((cause: unknown) => {
        throw new CacheError("ERR_CACHE_STORE", "the stream failed", { cause });
      }),
  })),
  "takes the error of a body for its end": planted(BROKEN, feeding(untilError)),
  "leaves what came before the error of a body": planted(BROKEN, (inner) => ({
    async putStream(draft, options) {
      const parts: Uint8Array[] = [];
      try {
        for await (const piece of draft.body) parts.push(piece);
      } catch (error) {
        const { name } = draft.finish();
        await inner.put(name, concat(...parts));
        throw error;
      }
      const { name, head } = draft.finish();
      return inner.put(name, concat(head, ...parts), options);
    },
  })),
};
