import type { Settings } from "../cache/options.ts";
import { setAside } from "../cache/set-aside.ts";
import { refusalOf, tooLongIsDamage } from "../cache/verdicts.ts";
import { CacheError } from "../errors.ts";
import type { CallOptions, GetOptions, Name } from "../ports/store.ts";
import { isYoung } from "../units/ages.ts";
import { abortable } from "./abortable.ts";
import type { ContentForm, StoredContent } from "./form.ts";
import { plainForm } from "./plain.ts";
import { sealedForm } from "./sealed.ts";

/** The form content has in a cache with these settings. */
export function formOf({ store, seal, namespace, now }: Settings): ContentForm {
  return seal === undefined ? plainForm(store) : sealedForm({ store, seal, namespace, now });
}

/** The content under one name, verified; `undefined` when absent. */
export async function loadContent(
  settings: Settings,
  form: ContentForm,
  name: Name,
  digest: Uint8Array,
  limit: number,
  options?: GetOptions,
): Promise<Uint8Array | undefined> {
  const stored = await settings.store.get(name, { ...options, limit: form.storedSize(limit) });
  const content = stored && form.unwrap(digest, stored);
  // What the form adds varies, so the store's limit leaves some room.
  if (content !== undefined && content.byteLength > limit) {
    throw new CacheError("ERR_CACHE_LIMIT", "the content is longer than the caller allows");
  }
  return content;
}

/** Where sound content lies that a put may rely on, since it is young enough that no collector is after it. */
async function findStored(
  settings: Settings,
  form: ContentForm,
  digest: Uint8Array,
  size: number,
  options?: CallOptions,
): Promise<Name | undefined> {
  const [name] = form.names(digest);
  const stat = await settings.store.stat(name, options);
  if (stat === undefined || stat.size > form.storedSize(size)) return undefined;
  if (!isYoung(stat.modified, settings.now())) return undefined;
  try {
    const content = await loadContent(settings, form, name, digest, size, { ...options, origin: true });
    return content && name;
  } catch (error) {
    refusalOf(error);
    return undefined;
  }
}

/**
 * Stores content once: sound content that is there already is left, damaged content is replaced.
 * @param digest - the SHA-256 of the content, 32 bytes
 */
export async function putContent(
  settings: Settings,
  content: Uint8Array,
  digest: Uint8Array,
  options?: CallOptions,
): Promise<StoredContent> {
  const form = formOf(settings);
  const there = await findStored(settings, form, digest, content.byteLength, options);
  if (there !== undefined) return { digest, name: there };
  const { names, stored } = form.wrap(digest, content);
  await settings.store.put(names[0], stored, options);
  return { digest, name: names[0] };
}

/** Stores content of any length. */
export async function putContentStream(
  settings: Settings,
  source: AsyncIterable<Uint8Array>,
  options?: CallOptions,
): Promise<StoredContent> {
  const { draft, result } = formOf(settings).draft(abortable(source, options?.signal));
  await settings.store.putStream(draft, options);
  return result();
}

/**
 * Content of a known size, from under any of its names. A longer thing in its place is damage, not a matter of limits.
 * @throws CacheError the refusal, when something is there and is not to be believed
 */
export async function getSizedContent(
  settings: Settings,
  digest: Uint8Array,
  size: number,
  options?: CallOptions,
): Promise<Uint8Array | undefined> {
  const form = formOf(settings);
  let refusal: CacheError | undefined;
  for (const name of form.names(digest)) {
    const load = () => loadContent(settings, form, name, digest, size, options).catch(tooLongIsDamage("the content"));
    try {
      const content = await load();
      if (content !== undefined) return content;
    } catch (error) {
      refusal = refusalOf(error);
      const healed = await setAside(settings, name, refusal, load, options);
      if (healed !== undefined) return healed;
    }
  }
  if (refusal !== undefined) throw refusal;
  return undefined;
}
