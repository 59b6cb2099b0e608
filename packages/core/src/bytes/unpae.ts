/** The pieces of a pre-authentication encoding; `undefined` for bytes that are none. */
export function unpae(bytes: Uint8Array): Uint8Array[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const number = (): number => {
    const value = at + 8 <= bytes.byteLength ? Number(view.getBigUint64(at, true)) : Number.NaN;
    at += 8;
    return value;
  };
  const count = number();
  if (!(count <= bytes.byteLength / 8)) return undefined;
  const pieces: Uint8Array[] = [];
  for (let i = 0; i < count; i++) {
    const end = number() + at;
    if (!(end <= bytes.byteLength)) return undefined;
    pieces.push(bytes.slice(at, end));
    at = end;
  }
  return at === bytes.byteLength ? pieces : undefined;
}
