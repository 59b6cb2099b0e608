import { PURPOSES } from "../about/about.ts";
import { isReserved } from "../about/agreement.ts";
import { malformed } from "../malformed.ts";
import { MAX_MEMBERS, MODE_BITS } from "../manifest/manifest.ts";
import { pathBytes, pathOrder } from "../manifest/path.ts";
import type { NewMember } from "./new-member.ts";

/** @throws TypeError */
function checkNew({ path, mode = 0, purpose, content }: NewMember): void {
  if (!Number.isInteger(mode) || mode < 0 || mode > MODE_BITS) throw new TypeError("a mode is nine bits, 0 to 0o777");
  if (purpose !== undefined && !PURPOSES.includes(purpose))
    throw new TypeError(`a purpose is one of ${PURPOSES.join(", ")}`);
  if (content !== undefined && !(content instanceof Uint8Array) && typeof content !== "function")
    throw new TypeError("a content is bytes, or a function that gives them");
  if (isReserved(path)) throw new TypeError("paths below .bundle are the format's own");
}

/**
 * Members in the order of a manifest. A directory that is named twice counts once; a file is named once.
 * @throws CacheError `ERR_CACHE_FORMAT`
 * @throws TypeError for members that make no sense
 */
export async function collect(
  members: AsyncIterable<NewMember> | Iterable<NewMember>,
  signal: AbortSignal | undefined,
): Promise<NewMember[]> {
  const found = new Map<string, { readonly member: NewMember; readonly bytes: Uint8Array }>();
  for await (const member of members) {
    signal?.throwIfAborted();
    checkNew(member);
    const bytes = pathBytes(member.path);
    const before = found.get(member.path)?.member;
    if (before !== undefined && (before.content !== undefined || member.content !== undefined))
      throw malformed("package", "two members have one path");
    found.set(member.path, { member, bytes });
    // One more is the format's own.
    if (found.size >= MAX_MEMBERS) throw malformed("package", `it has fewer than ${MAX_MEMBERS} members`);
  }
  return [...found.values()].sort((a, b) => pathOrder(a.bytes, b.bytes)).map(({ member }) => member);
}
