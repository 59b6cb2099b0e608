import { isCacheError, type Sealer } from "@cache/core";
import type { Sealing } from "../options.ts";
import { decodePrefix, type Prefix } from "./prefix.ts";

/** What the clear prefix claims: nothing is verified. `undefined` for what claims nothing that this version knows. */
export function inspectEnvelope(sealing: Sealing, bytes: Uint8Array): ReturnType<Sealer["inspect"]> {
  const prefix = claimOf(bytes);
  if (prefix === undefined) return undefined;
  const { keyId } = prefix;
  const entry = sealing.keyring().find(keyId);
  if (entry?.type !== "master") return { keyId, state: "unknown" };
  return { keyId, state: entry.key === undefined ? "revoked" : "readable" };
}

function claimOf(bytes: Uint8Array): Prefix | undefined {
  try {
    return decodePrefix(bytes);
  } catch (error) {
    if (isCacheError(error)) return undefined;
    throw error;
  }
}
