import { toHex } from "@cache/core/bytes";

/** Unlike every other that was and will be. */
export function newVersion(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(16)));
}
