import { Refusal } from "./refusal.ts";

/** What a value of a type of one's own counts as in a digest. */
export interface DigestContent {
  /**
   * Names the type: two types of one name with equal content are equal. Not taken from the class, whose name a minifier
   * changes.
   */
  readonly type: string;
  /** What of the value counts: anything that has a digest, own types in it too. */
  readonly content: unknown;
}

/**
 * The name of the method by which a class says what its instances count as; the same symbol as
 * `Symbol.for("@cache/digest")`. A subclass has to have its own, or it would pass for its parent.
 */
export const digestible: unique symbol = Symbol.for("@cache/digest");

/** A value that says itself what it counts as. */
export interface Digestible {
  /** What this value counts as. */
  [digestible](): DigestContent;
}

/** Says what values of foreign types count as; `undefined` for those it does not know. */
export type ContentOf = (value: unknown) => DigestContent | undefined;

/** What a value that is none of the language's own counts as, by what the caller knows or by what it says itself. */
export function ownContent(value: unknown, contentOf: ContentOf | undefined): DigestContent | undefined {
  const content: unknown = contentOf?.(value) ?? saidBy(value);
  return content === undefined ? undefined : requireContent(content);
}

function saidBy(value: unknown): unknown {
  const holder = value as Partial<Digestible>;
  const method: unknown = holder[digestible];
  if (method === undefined) return undefined;
  if (typeof method !== "function") throw new Refusal('has a "@cache/digest" that is no method');
  // What a class has as its prototype is its parent.
  const holders = typeof holder === "function" ? [holder] : [holder, Object.getPrototypeOf(holder)];
  const isItsOwn = holders.some((each) => each !== null && Object.hasOwn(each, digestible));
  if (!isItsOwn) throw new Refusal('inherits its "@cache/digest" method, and would pass for its parent class');
  return method.call(holder);
}

function requireContent(content: unknown): DigestContent {
  const { type } = (content ?? {}) as Partial<DigestContent>;
  if (typeof type !== "string" || type === "" || !("content" in (content as object))) {
    throw new Refusal("says that it counts as something other than { type, content }");
  }
  return content as DigestContent;
}
