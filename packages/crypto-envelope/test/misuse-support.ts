import type { SealContext } from "@cache/core";
import { concat } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import { aead } from "../src/aead/node.ts";
import { BODY_CONTEXT, metadataContext } from "../src/envelope/context.ts";
import { encodeMetadata } from "../src/envelope/metadata.ts";
import { encodePrefix } from "../src/envelope/prefix.ts";
import { sealMessage } from "../src/hazmat.ts";
import { sealerWith } from "../src/sealer.ts";
import { keyring, master, metadata, range } from "./support.ts";

export const sealer = sealerWith({ crypto, aead }, keyring);

/** An envelope by a key holder who lies in the metadata: every tag holds. */
export function sealMessageFor(
  context: SealContext,
  content: Uint8Array,
  stated: { readonly size: number; readonly digest: Uint8Array },
): Uint8Array {
  const primitives = { crypto, aead: aead.suite(1) };
  const prefix = encodePrefix({ suite: 1, metadataLength: 170, keyId: master.id });
  const bodyKey = range(0x60, 32);
  const head = encodeMetadata({ ...metadata, ...stated, bodyKey });
  return concat(
    prefix,
    sealMessage(primitives, master.subkey("envelope"), metadataContext(prefix, context), head),
    sealMessage(primitives, bodyKey, BODY_CONTEXT, content),
  );
}
