import type { ReadRange, SealContext } from "@cache/core";
import { concat } from "@cache/core/bytes";
import { unauthentic } from "../errors.ts";
import { type MessageKeys, recoverKeys } from "../message/derive.ts";
import { MESSAGE_HEAD } from "../message/layout.ts";
import type { Sealing } from "../options.ts";
import { BODY_CONTEXT, bindingOf } from "./binding.ts";
import { claimedBy, type Foreign, type OpenedHead, openHead } from "./open-head.ts";
import { MIN_METADATA, PREFIX_LENGTH } from "./prefix.ts";
import { collectExactly } from "./read-exactly.ts";

/** An envelope whose chunks can be opened, one by one. */
export interface OpenedKeys extends OpenedHead {
  readonly verdict: "opened";
  readonly keyId: Uint8Array;
  readonly retired: boolean;
  /** Of the body message. */
  readonly keys: MessageKeys;
  /** Where the first chunk of the body begins, in bytes. */
  readonly chunksStart: number;
}

/** All that comes before the chunks, in bytes, of an envelope without user metadata: one read is enough for those. */
const USUAL_HEAD: number = PREFIX_LENGTH + MIN_METADATA + MESSAGE_HEAD;

/**
 * Reads and opens all that comes before the chunks, in the order of format, "Envelope".
 * @param length - length of the envelope in bytes
 * @returns `undefined` when there is nothing to read
 * @throws CacheError for everything that is ours and broken
 */
export async function readHead(
  sealing: Sealing,
  context: SealContext,
  read: ReadRange,
  length: number,
): Promise<OpenedKeys | Foreign | undefined> {
  const binding = bindingOf(context);
  const beginning = await collectExactly(read, 0, Math.min(length, USUAL_HEAD));
  if (beginning === undefined) return undefined;
  const claimed = claimedBy(sealing, beginning, length);
  if (claimed.verdict === "foreign") return claimed;
  const { keyId, retired, bodyStart } = claimed;
  const chunksStart = bodyStart + MESSAGE_HEAD;
  const rest = chunksStart > USUAL_HEAD ? await collectExactly(read, USUAL_HEAD, chunksStart) : new Uint8Array(0);
  if (rest === undefined) throw unauthentic();
  const bytes = concat(beginning, rest);
  const head = openHead(sealing, binding, claimed, bytes, length);
  const keys = recoverKeys(head.primitives, head.metadata.bodyKey, BODY_CONTEXT, bytes.subarray(bodyStart));
  return { ...head, verdict: "opened", keyId, retired, keys, chunksStart };
}
