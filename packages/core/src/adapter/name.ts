import type { Kind, Name } from "../ports/store.ts";

const SHAPE = /^(?:blobs|entries|notes)\/[0-9a-f]{64}$/;
/** Characters from the slash on. */
const TAIL = 65;

/** A name's two parts. Stores call it first, so that nothing but hexadecimal digits ever reaches a medium. @throws TypeError */
export function parseName(name: Name): { kind: Kind; hex: string } {
  if (typeof name !== "string" || !SHAPE.test(name)) {
    throw new TypeError("a store name is a kind and 64 hexadecimal digits");
  }
  const slash = name.length - TAIL;
  return { kind: name.slice(0, slash) as Kind, hex: name.slice(slash + 1) };
}
