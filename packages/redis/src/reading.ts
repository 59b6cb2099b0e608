import { type Kind, type Name, parseName } from "@cache/core/adapter";
import { bytesOf, listOf, textOf } from "./answers.ts";
import type { RedisNode } from "./clients/client.ts";
import type { Connection } from "./connection.ts";
import { unexpected } from "./failures.ts";
import type { Keys } from "./keys.ts";
import { type Known, knownOf, parseKnown } from "./known.ts";
import { DESCRIBE, PIECE, READ } from "./scripts/read.ts";

/** A value as one round trip finds it. */
export interface Found {
  readonly known: Known;
  /** All bytes, when they are in one piece and not more than were wanted. */
  readonly bytes: Uint8Array | undefined;
}

/** A value in pieces. */
export interface Body {
  readonly key: string;
  readonly known: Known;
}

/** Asks for values and for their pieces. Whatever comes back was counted, by the server and here. */
export class Reading {
  readonly #connection: Connection;
  readonly #keys: Keys;

  constructor(connection: Connection, keys: Keys) {
    this.#connection = connection;
    this.#keys = keys;
  }

  /** What is under a name, and its bytes if that takes no second question. */
  async find(doing: string, name: Name, most: number, signal: AbortSignal | undefined): Promise<Found | undefined> {
    const { kind, hex } = parseName(name);
    const key = this.#keys.head(hex);
    const call = { script: READ, keys: [key], args: [kind.charAt(0), String(most)] };
    const answer = await this.#connection.run({ doing, key, signal }, call);
    if (answer === null || answer === undefined) return undefined;
    const [text, value] = listOf(doing, answer);
    const known = parseKnown(doing, text);
    const bytes = value === undefined ? undefined : bytesOf(doing, value);
    if (bytes !== undefined && (known.chunk > 0 || bytes.length !== known.size)) {
      throw unexpected(doing, "the value has not the length that was put");
    }
    if (bytes === undefined && known.chunk === 0 && known.size <= most)
      throw unexpected(doing, "the bytes are missing");
    return { known, bytes };
  }

  /** Whether a value is under a name. What others wrote there is none. */
  async isThere(name: Name, signal: AbortSignal | undefined): Promise<boolean> {
    return (await this.find("looking for a value", name, 0, signal)) !== undefined;
  }

  /** What is known of some heads, as many as are given; undefined for what holds no value of that kind. */
  async describe(
    kind: Kind,
    keys: readonly string[],
    signal: AbortSignal | undefined,
    node?: RedisNode,
  ): Promise<(Known | undefined)[]> {
    const doing = "reading what is known of values";
    const call = { script: DESCRIBE, keys, args: [kind.charAt(0)] };
    const rows = listOf(doing, await this.#connection.run({ doing, key: keys[0] ?? "", signal }, call, node));
    if (rows.length !== keys.length) throw unexpected(doing, "the answer has not as many rows as were asked for");
    return rows.map((row) => knownOf(textOf(doing, row)));
  }

  /** Where the pieces of a value are. */
  body(name: Name, known: Known): Body {
    return { key: this.#keys.body(parseName(name).hex, known.version), known };
  }

  /** One piece; undefined when the value is gone. */
  async piece(doing: string, body: Body, at: number, signal: AbortSignal | undefined): Promise<Uint8Array | undefined> {
    const { key, known } = body;
    const length = Math.min(known.chunk, known.size - at * known.chunk);
    const call = { script: PIECE, keys: [key], args: [String(at), String(length)] };
    const answer = await this.#connection.run({ doing, key, signal }, call);
    if (answer === null || answer === undefined) return undefined;
    const bytes = bytesOf(doing, answer);
    if (bytes.length !== length) throw unexpected(doing, "a piece has not the length that was put");
    return bytes;
  }
}
