/** Objects whose content is known apart from fields of their own. */
const BUILT_IN = [Map, Set, Date, RegExp, URL, ArrayBuffer] as const;

const refuse = (why: string): TypeError => new TypeError(`an argument ${why}; give a "key" function`);

/**
 * The names of an object's fields, of which built-in objects have none. Whatever would not show in a digest is refused, so
 * that two values that differ in it do not meet.
 * @throws TypeError for names that are symbols or hidden, fields of built-in objects, subclasses and class instances
 */
export function fieldsOf(value: object): string[] {
  const prototype: unknown = Object.getPrototypeOf(value);
  const builtIn = BUILT_IN.find((each) => value instanceof each);
  if (builtIn !== undefined && prototype !== builtIn.prototype) throw refuse("is an instance of a subclass");
  if (builtIn === undefined && prototype !== Object.prototype && prototype !== null) {
    throw refuse("is an instance of a class, whose content is its own affair");
  }
  // A pattern has one field, which stands beside its source.
  const names = shownNames(value).filter((name) => builtIn !== RegExp || name !== "lastIndex");
  if (builtIn !== undefined && names.length > 0) throw refuse("has fields beside its content");
  return names;
}

/** The places of an array that hold items. @throws TypeError for other fields, and for subclasses */
export function itemsOf(array: readonly unknown[]): string[] {
  if (Object.getPrototypeOf(array) !== Array.prototype) throw refuse("is an instance of a subclass");
  const names = shownNames(array).filter((name) => name !== "length");
  if (names.some((name) => !isPlace(name, array.length))) throw refuse("has fields beside its items");
  return names;
}

/** Whether every place of an array holds an item. */
export const isDense = (array: readonly unknown[], places: readonly string[]): boolean =>
  places.length === array.length;

function isPlace(name: string, length: number): boolean {
  const place = Number(name);
  return place < length && String(place >>> 0) === name;
}

/** The two that every array and every pattern have, and that are hidden in all of them. */
const ALWAYS_HIDDEN: ReadonlySet<PropertyKey> = new Set(["length", "lastIndex"]);

function shownNames(value: object): string[] {
  const names = Reflect.ownKeys(value);
  for (const name of names) {
    const isShown = Object.prototype.propertyIsEnumerable.call(value, name);
    // Some platforms keep what a URL is in symbols that they hide.
    if (typeof name === "symbol" && (isShown || !(value instanceof URL))) throw refuse("has a symbol as a name");
    if (!isShown && !ALWAYS_HIDDEN.has(name)) throw refuse("has a hidden field");
  }
  return names.filter((name) => typeof name === "string");
}

const typeName = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)?.get;

/** A view's type; what Node calls a Buffer counts as the Uint8Array it is. @throws TypeError for other subclasses */
export function viewType(view: ArrayBufferView): string {
  const type = view instanceof DataView ? "DataView" : (typeName?.call(view) as keyof typeof globalThis);
  const own = Object.getPrototypeOf(view) as { constructor?: { name?: unknown } } | null;
  const intrinsic = own === (globalThis[type] as { prototype?: unknown } | undefined)?.prototype;
  const buffer = type === "Uint8Array" && own?.constructor?.name === "Buffer";
  if (!intrinsic && !buffer) throw refuse("is an instance of a subclass");
  return type;
}
