import { type DeleteOptions, type Name, type PutOptions, type PutResult, parseName } from "@cache/core/adapter";

import { textOf } from "./answers.ts";
import type { Call, Connection } from "./connection.ts";
import { unexpected } from "./failures.ts";
import type { Keys } from "./keys.ts";
import type { Settings } from "./options.ts";
import { DELETE, PUT } from "./scripts/write.ts";

const DOING = "writing a value";

/** A value whose bytes are here, or wait in pieces under a key. */
export type Payload =
  | { readonly version: string; readonly bytes: Uint8Array }
  | { readonly version: string; readonly size: number; readonly chunk: number; readonly waiting: string };

/** Makes values visible, and takes them away: one script each. */
export class Writing {
  readonly #connection: Connection;
  readonly #keys: Keys;
  readonly #settings: Settings;

  constructor(connection: Connection, keys: Keys, settings: Settings) {
    this.#connection = connection;
    this.#keys = keys;
    this.#settings = settings;
  }

  /** From here on readers see it. */
  async publish(name: Name, payload: Payload, options: PutOptions): Promise<PutResult> {
    const { kind, hex } = parseName(name);
    const key = this.#keys.head(hex);
    options.signal?.throwIfAborted();
    const answer = textOf(
      DOING,
      await this.#connection.run({ doing: DOING, key }, this.#put(kind.charAt(0), hex, payload, options)),
    );
    if (answer === "lost") throw unexpected(DOING, "some of its pieces were evicted before it was complete");
    return { written: answer !== "0" };
  }

  #put(kind: string, hex: string, payload: Payload, { ifAbsent = false, keepUntil }: PutOptions): Call {
    const keys = [this.#keys.head(hex)];
    if ("waiting" in payload) {
      const body = this.#keys.body(hex, payload.version);
      keys.push(body);
      if (payload.waiting !== body) keys.push(payload.waiting);
    }
    const { grace, margin, quarantine } = this.#settings;
    const size = "bytes" in payload ? payload.bytes.length : payload.size;
    const fixed = [kind, payload.version, String(size), ifAbsent ? "1" : "0", String(grace)];
    const last = "bytes" in payload ? ["0", payload.bytes] : [String(payload.chunk)];
    return { script: PUT, keys, args: [...fixed, ...untilOf(keepUntil), String(margin), String(quarantine), ...last] };
  }

  /** From here on readers see nothing of it. */
  async remove(name: Name, { ifVersion, quarantine = false, signal }: DeleteOptions): Promise<void> {
    const { kind, hex } = parseName(name);
    // To the script no text is no version; here it is one that no value has.
    if (ifVersion === "") return;
    const key = this.#keys.head(hex);
    const keys = quarantine ? [key, this.#keys.quarantine(hex)] : [key];
    const { grace, quarantine: stays } = this.#settings;
    const args = [kind.charAt(0), ifVersion ?? "", String(grace), String(stays)];
    signal?.throwIfAborted();
    await this.#connection.run({ doing: "deleting a value", key }, { script: DELETE, keys, args });
  }
}

/** A time by this clock and by the server's: whichever is later counts. What no clock will show is for ever. */
function untilOf(keepUntil: number | undefined): string[] {
  if (keepUntil === undefined || !(keepUntil > 0 && keepUntil < 2 ** 52)) return ["0", "0"];
  const until = Math.ceil(keepUntil);
  return [String(until), String(until - Date.now())];
}
