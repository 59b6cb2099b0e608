import type { CallOptions, Store } from "@cache/core";
import { collectDraft } from "@cache/core/adapter";
import type { StoreFixture } from "../../src/index.ts";
import { turn } from "../../src/samples.ts";
import type { Faults } from "../matrix.ts";
import { planted, withBody } from "./planted.ts";

const deaf = <T extends CallOptions>(options: T | undefined): T => ({ ...options, signal: undefined }) as T;

function refuseAny(options: CallOptions | undefined): void {
  if (options?.signal !== undefined) throw new TypeError("unknown option");
}

async function relabel<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Error && error.message.includes("had enough")) throw new DOMException("aborted", "AbortError");
    throw error;
  }
}

/** Does the work whatever the signal says, and then looks at it. */
const late = (inner: Store): Partial<Store> => ({
  async put(name, bytes, options) {
    const result = await inner.put(name, bytes, deaf(options));
    await turn();
    options?.signal?.throwIfAborted();
    return result;
  },
  async putStream(draft, options) {
    const result = await inner.putStream(draft, deaf(options));
    await turn();
    options?.signal?.throwIfAborted();
    return result;
  },
  async delete(name, options) {
    await inner.delete(name, deaf(options));
    await turn();
    options?.signal?.throwIfAborted();
  },
});

/** Signals. */
export const abortFaults: Faults<StoreFixture> = {
  "ignores signals": planted(/: a signal aborted before|: an abort midway|^putStream: an abort with/, (inner) => ({
    get: (name, options) => inner.get(name, deaf(options)),
    open: (name, options) => inner.open(name, deaf(options)),
    put: (name, bytes, options) => inner.put(name, bytes, deaf(options)),
    putStream: (draft, options) => inner.putStream(draft, deaf(options)),
    stat: (name, options) => inner.stat(name, deaf(options)),
    delete: (name, options) => inner.delete(name, deaf(options)),
    list: (kind, options) => inner.list(kind, deaf(options)),
  })),
  "rejects with an error of its own when it is aborted": planted(
    /^(get|put|stat|delete|putStream): a signal aborted before|^putStream: an abort/,
    (inner) => ({
      get: (...given) => relabel(inner.get(...given)),
      put: (...given) => relabel(inner.put(...given)),
      putStream: (draft, options) => relabel(inner.putStream(draft, options)),
      stat: (...given) => relabel(inner.stat(...given)),
      delete: (...given) => relabel(inner.delete(...given)),
    }),
  ),
  "looks at the signal when the work is done": planted(
    /^(put|putStream|delete): (a signal aborted before|an abort right after)/,
    late,
  ),
  "reads a stream before it looks at the signal": planted(/^putStream: a signal aborted before/, (inner) => ({
    async putStream(draft, options) {
      const { name, bytes } = await collectDraft(draft);
      return inner.put(name, bytes, options);
    },
  })),
  "looks at the signal only before it begins": planted(/: an abort midway|^putStream: an abort with/, (inner) => ({
    async open(name, options) {
      options?.signal?.throwIfAborted();
      return inner.open(name, deaf(options));
    },
    async putStream(draft, options) {
      options?.signal?.throwIfAborted();
      return inner.putStream(draft, deaf(options));
    },
    async *list(kind, options) {
      options?.signal?.throwIfAborted();
      yield* inner.list(kind, deaf(options));
    },
  })),
  "looks at the signal with every piece and not at the end": planted(/^putStream: an abort with/, (inner) => ({
    async putStream(draft, options) {
      options?.signal?.throwIfAborted();
      async function* watched(): AsyncGenerator<Uint8Array> {
        for await (const piece of draft.body) {
          options?.signal?.throwIfAborted();
          yield piece;
        }
      }
      return inner.putStream(withBody(draft, watched()), deaf(options));
    },
  })),
  "knows no signals": planted(/^every method: a signal that does not abort/, (inner) => ({
    async stat(name, options) {
      refuseAny(options);
      return inner.stat(name);
    },
  })),
};
