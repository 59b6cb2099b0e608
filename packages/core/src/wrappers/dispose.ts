import type { Store } from "../ports/store.ts";

/** Closes every store that can be closed. One that fails keeps none of the others open; the first failure is thrown. */
export async function disposeAll(stores: readonly Store[]): Promise<void> {
  const closings = stores.map(async (store) => (store as Partial<AsyncDisposable>)[Symbol.asyncDispose]?.());
  for (const result of await Promise.allSettled(closings)) if (result.status === "rejected") throw result.reason;
}
