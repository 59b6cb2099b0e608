import { CacheError } from "@cache/core/adapter";
import type { Content, NewMember } from "./new-member.ts";
import { SecretSearch } from "./secret-text.ts";

function check(path: string, search: SecretSearch, piece: Uint8Array): void {
  const what = search.add(piece);
  if (what !== undefined)
    throw new CacheError("ERR_CACHE_SECRET", `${path} holds ${what}, and whoever gets the package would have it`);
}

async function* checked(path: string, content: () => AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const search = new SecretSearch();
  for await (const piece of content()) {
    check(path, search, piece);
    yield piece;
  }
}

function withoutSecret(path: string, content: Content): Content {
  if (typeof content === "function") return () => checked(path, content);
  if (content instanceof Uint8Array) check(path, new SecretSearch(), content);
  return content;
}

/**
 * The members, none of which can be packed with a secret key in it: what is looked at is what is packed.
 * @param meant - paths of members that may hold one
 * @throws CacheError `ERR_CACHE_SECRET`, also while a content is read
 */
export async function* refuseSecrets(
  members: AsyncIterable<NewMember> | Iterable<NewMember>,
  meant: readonly string[],
): AsyncGenerator<NewMember> {
  for await (const member of members) {
    const { path, content } = member;
    yield content === undefined || meant.includes(path) ? member : { ...member, content: withoutSecret(path, content) };
  }
}
