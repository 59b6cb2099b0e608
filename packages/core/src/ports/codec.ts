/** Values to bytes and back. `decode` sees only bytes whose proof held. */
export interface Codec<V> {
  /** Stored in the entry's signed metadata; at most 64 bytes of ASCII. An entry of another codec is not decoded. */
  readonly name: string;
  /** @throws TypeError for a value the codec has no form for */
  encode(value: V): Uint8Array;
  /** May throw anything: the cache treats it as an entry that cannot be decoded. */
  decode(bytes: Uint8Array): V;
}
