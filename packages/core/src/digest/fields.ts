import { hasItemsOnly } from "#host";
import { Refusal } from "./refusal.ts";

/** Refuses what somebody put on a built-in object beside its content. @throws Refusal */
export function requireBare(value: object): void {
  if (fieldsOf(value).length > 0) throw new Refusal("has fields beside its content");
}

/** So many items are named one by one. */
const FEW = 256;

const TYPED_ARRAY: object = Object.getPrototypeOf(Uint8Array.prototype);

/** The same for a typed array, whose items have names, too, and may be too many to be listed. @throws Refusal */
export function requireBareArray(view: ArrayBufferView): void {
  // By the language's own getter, as a field may hide it.
  const length = Reflect.get(TYPED_ARRAY, "length", view) as number;
  const isBare = length <= FEW ? Reflect.ownKeys(view).every(isItem) : hasItemsOnly(view);
  if (!isBare) throw new Refusal("has fields beside its content");
}

/** Typed arrays have no other field whose name is a number as the language writes it. */
function isItem(name: string | symbol): boolean {
  return typeof name === "string" && String(Number(name)) === name;
}

/** The places of an array that hold items. @throws Refusal for other fields */
export function itemsOf(array: readonly unknown[]): string[] {
  const names = fieldsOf(array);
  if (names.some((name) => !isPlace(name, array.length))) throw new Refusal("has fields beside its items");
  return names;
}

function isPlace(name: string, length: number): boolean {
  const place = Number(name);
  return place < length && String(place >>> 0) === name;
}

/** What every array, and every pattern, has of its own and hides; a pattern's stands beside its source in the digest. */
function isAlwaysHidden(value: object, name: string): boolean {
  return (name === "length" && Array.isArray(value)) || (name === "lastIndex" && value instanceof RegExp);
}

/** Some platforms keep what a URL is in symbols, hidden or shown; the text of the URL says all of it. */
const PARTS_OF_URLS: ReadonlySet<symbol> = new Set(Object.getOwnPropertySymbols(new URL("a:")));

/**
 * The names of an object's fields. Whatever would not show in a digest is refused, so that two values that differ in it
 * do not meet.
 * @throws Refusal for names that are symbols or hidden
 */
export function fieldsOf(value: object): string[] {
  const shown: string[] = [];
  for (const name of Reflect.ownKeys(value)) {
    const isShown = Object.prototype.propertyIsEnumerable.call(value, name);
    if (typeof name === "symbol") {
      if (!(value instanceof URL && PARTS_OF_URLS.has(name))) throw new Refusal("has a symbol as a name");
    } else if (isShown) shown.push(name);
    else if (!isAlwaysHidden(value, name)) throw new Refusal("has a hidden field");
  }
  return shown;
}

/** What an error has that counts although it is hidden. Its stack, and whatever else engines hide there, does not. */
const HIDDEN_OF_ERRORS: ReadonlySet<string> = new Set(["name", "cause", "errors"]);

/** The names of an error's fields that count, besides its message. @throws Refusal for names that are symbols */
export function errorFieldsOf(error: Error): string[] {
  return Reflect.ownKeys(error).flatMap((name) => {
    const isShown = Object.prototype.propertyIsEnumerable.call(error, name);
    if (typeof name === "symbol") {
      if (isShown) throw new Refusal("has a symbol as a name");
      return [];
    }
    if (name === "message" || name === "stack") return [];
    return isShown || HIDDEN_OF_ERRORS.has(name) ? [name] : [];
  });
}
