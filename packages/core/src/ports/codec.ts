/** Values to bytes and back. `decode` sees only bytes whose proof held. */
export interface Codec<V> {
  /** Stored in the entry's signed metadata; at most 64 bytes of ASCII. An entry of another codec is not decoded. */
  readonly name: string;
  encode(value: V): Uint8Array;
  decode(bytes: Uint8Array): V;
}
