import { crypto } from "@cache/core/crypto";
import type { Compressed } from "../about/about.ts";
import { compressed } from "../file/compression.ts";
import type { Content } from "./new-member.ts";
import type { Spool, Spooled } from "./spool.ts";

/** How members are made smaller. `brotli`: each that becomes smaller by a sixteenth at least. */
export type Compression = "none" | "brotli";

/** A member as it will be stored. */
export interface StoredContent {
  readonly spooled: Spooled;
  readonly compressed?: Compressed | undefined;
}

const WORTH = 15 / 16;

async function* piecesOf(content: Content): AsyncGenerator<Uint8Array> {
  if (content instanceof Uint8Array) {
    if (content.byteLength > 0) yield content;
  } else yield* content();
}

/** Spools a content, smaller if that is asked for and worth it. */
export async function storeContent(spool: Spool, content: Content, compression: Compression): Promise<StoredContent> {
  if (compression === "none") return { spooled: await spool.add(piecesOf(content)) };
  const hash = crypto.sha256Stream();
  let size = 0;
  const watched = async function* () {
    for await (const piece of piecesOf(content)) {
      hash.update(piece);
      size += piece.byteLength;
      yield piece;
    }
  };
  const spooled = await spool.add(compressed(watched()));
  if (spooled.size <= size * WORTH)
    return { spooled, compressed: { algorithm: compression, size, digest: hash.digest() } };
  spool.takeBack(spooled);
  return { spooled: await spool.add(piecesOf(content)) };
}
