import type { Kind, Name } from "../ports/store.ts";

const SHAPE = /^(blobs|entries|notes)\/([0-9a-f]{64})$/;

/** A name's two parts. Stores call it first, so that nothing but hexadecimal digits ever reaches a medium. @throws TypeError */
export function parseName(name: Name): { kind: Kind; hex: string } {
  const [, kind, hex] = SHAPE.exec(name) ?? [];
  if (kind === undefined || hex === undefined) throw new TypeError("a store name is a kind and 64 hexadecimal digits");
  return { kind: kind as Kind, hex };
}
