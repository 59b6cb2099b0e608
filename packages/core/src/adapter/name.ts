import type { Kind, Name } from "../ports/store.ts";

const SHAPE = /^(blobs|entries|notes)\/([0-9a-f]{64})$/;

/** A name's two parts. Stores call it first, so that nothing but hexadecimal digits ever reaches a medium. @throws TypeError */
export function parseName(name: Name): { kind: Kind; hex: string } {
  const parts = SHAPE.exec(name);
  if (parts === null) throw new TypeError("a store name is a kind and 64 hexadecimal digits");
  const [, kind, hex] = parts as unknown as [whole: string, kind: Kind, hex: string];
  return { kind, hex };
}
