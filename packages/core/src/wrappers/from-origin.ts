import type { Store } from "../ports/store.ts";
import { forward } from "./forward.ts";

/** A store that is read past what wrappers remember of it and past the copies that they keep nearer. */
export function fromOrigin(store: Store): Store & AsyncDisposable {
  return { ...forward(store), get: (name, options) => store.get(name, { ...options, origin: true }) };
}
