import { type PutResult, storeError } from "@cache/core/adapter";
import type { Context } from "../context.ts";
import { newNonce } from "../envelope.ts";
import { codeOf, mayHaveTakenPlace } from "../failure.ts";
import { nonceAt } from "../reading/read.ts";
import { pause } from "./pause.ts";

/** How often what a server calls a conflict of requests is tried. */
const TRIES = 6;

/** S3 asks for another try: two requests met, or the upload went in a conflict. */
const CONFLICTS = new Set(["ConditionalRequestConflict", "OperationAborted", "NoSuchUpload"]);

/** Where a value goes. */
export interface Destination {
  readonly key: string;
  readonly ifAbsent: boolean;
  readonly signal: AbortSignal | undefined;
}

/**
 * Makes an object visible, and knows afterwards whether it did: an answer may be lost, and the request sent again may
 * then meet what its first sending wrote. The bytes in front tell whose it is.
 * @param context - of the store
 * @param to - where
 * @param attempt - all that it takes, with the bytes to put in front
 */
export async function commit(
  context: Context,
  to: Destination,
  attempt: (nonce: Uint8Array) => Promise<void>,
): Promise<PutResult> {
  const nonce = newNonce();
  for (let tries = 1; ; tries++) {
    try {
      await attempt(nonce);
      return { written: true };
    } catch (error) {
      to.signal?.throwIfAborted();
      const code = codeOf(error) ?? "";
      const taken = to.ifAbsent && code === "PreconditionFailed";
      const lost = taken || code === "NoSuchUpload";
      if (lost && (tries > 1 || mayHaveTakenPlace(error)) && (await isThere(context, to, nonce)))
        return { written: true };
      if (taken) return { written: false };
      if (!CONFLICTS.has(code) || tries === TRIES) throw storeError("writing a value", error, to.signal);
      await pause(tries, to.signal);
    }
  }
}

async function isThere(context: Context, { key, signal }: Destination, nonce: Uint8Array): Promise<boolean> {
  const there = await nonceAt(context, key, signal);
  return there !== undefined && nonce.every((byte, at) => there[at] === byte);
}
