import { crypto } from "#platform";
import { toHex } from "../bytes/hex.ts";
import { pae } from "../bytes/pae.ts";
import type { SealContext, SealedMetadata, Sealer } from "../ports/sealer.ts";
import type { Kind, Name } from "../ports/store.ts";
import type { Settings } from "./options.ts";

/** A stored name of 32 bytes. */
export function nameOf(kind: Kind, bytes: Uint8Array): Name {
  return `${kind}/${toHex(bytes)}`;
}

/** The name of an unsealed entry: a digest over namespace and key. */
export function plainEntryName({ namespace, key }: Pick<SealContext, "namespace" | "key">): Name {
  return `entries/${crypto.sha256Hex(pae("cache/v1/entry-name", namespace, key))}`;
}

/** Unsealed content has its digest for a name. */
function plainName(context: SealContext): Name {
  return context.kind === "blobs" ? nameOf("blobs", context.key) : plainEntryName(context);
}

/**
 * Names to look under; the first is the one to write under. There is more than one only while sealing keys rotate.
 * @param context - with its name when that is known already
 */
export function namesOf(
  { seal }: Pick<Settings, "seal">,
  context: SealContext & { readonly name?: Name | undefined },
): [Name, ...Name[]] {
  if (seal === undefined) return [context.name ?? plainName(context)];
  return seal.names(context).map((each) => nameOf(context.kind, each)) as [Name, ...Name[]];
}

/** What is to be stored, and where. */
export interface Placed {
  /** The name to write under, and then those under which older keys would have it. */
  readonly names: [Name, ...Name[]];
  readonly stored: Uint8Array;
}

/** Seals, and says where that belongs. At once: between two looks at a keyring another key may have become the primary. */
export function sealAndName(seal: Sealer, context: SealContext, content: Uint8Array, metadata: SealedMetadata): Placed {
  return { names: namesOf({ seal }, context), stored: seal.seal(context, content, metadata) };
}

export function kindOf(name: Name): Kind {
  return name.slice(0, name.indexOf("/")) as Kind;
}

/** The part of a name that events show. */
export function shortId(name: Name): string {
  return name.slice(name.indexOf("/") + 1).slice(0, 16);
}
