import type { Kind, Name } from "../ports/store.ts";

const KINDS: readonly string[] = ["blobs", "entries", "notes"] satisfies Kind[];
const DIGITS = /^[0-9a-f]{64}$/;

/** A name's two parts. Stores call it first, so that nothing but hexadecimal digits ever reaches a medium. @throws TypeError */
export function parseName(name: Name): { kind: Kind; hex: string } {
  const slash = typeof name === "string" ? name.indexOf("/") : -1;
  const [kind, hex] = slash === -1 ? ["", ""] : [name.slice(0, slash), name.slice(slash + 1)];
  if (!KINDS.includes(kind) || !DIGITS.test(hex)) {
    throw new TypeError("a store name is a kind and 64 hexadecimal digits");
  }
  return { kind: kind as Kind, hex };
}
