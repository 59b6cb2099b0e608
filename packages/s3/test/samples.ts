import type { Draft, Name, Store } from "@cache/core/adapter";

export const MIB: number = 1024 * 1024;

/** The name of a number. */
export function name(n: number): Name {
  return `blobs/${n.toString(16).padStart(64, "0")}`;
}

/** Bytes that differ from place to place. */
export function bytes(length: number, seed = 0): Uint8Array {
  const out = new Uint8Array(length);
  for (let at = 0; at < length; at++) out[at] = (at * 31 + (at >> 8) * 7 + (at >> 16) + seed) & 0xff;
  return out;
}

/** A draft in pieces of 1 MB, the first bytes of which are the head. */
export function draftOf(at: Name, content: Uint8Array, headLength = 100): Draft {
  async function* body(): AsyncGenerator<Uint8Array> {
    for (let from = headLength; from < content.length; from += 1_000_000) yield content.slice(from, from + 1_000_000);
  }
  return { headLength, body: body(), finish: () => ({ name: at, head: content.slice(0, headLength) }) };
}

/** Whether two runs of bytes are the same; a test that fails must not print megabytes. */
export function same(left: Uint8Array | undefined, right: Uint8Array): boolean {
  return left !== undefined && Buffer.compare(left, right) === 0;
}

/** All names of a kind. */
export async function listed(store: Store): Promise<Name[]> {
  const names: Name[] = [];
  for await (const row of store.list("blobs")) names.push(row.name);
  return names;
}
