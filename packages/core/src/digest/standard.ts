import { bufferPrototype } from "#host";
import { Refusal } from "./refusal.ts";

/** What the language itself knows, by prototype: whoever has another one is of a type of its own. */
const PROTOTYPES: ReadonlyMap<unknown, Standard> = new Map<unknown, Standard>([
  [null, "object"],
  [Object.prototype, "object"],
  [Array.prototype, "array"],
  [Map.prototype, "map"],
  [Set.prototype, "set"],
  [Date.prototype, "date"],
  [RegExp.prototype, "regexp"],
  [URL.prototype, "url"],
  [ArrayBuffer.prototype, "buffer"],
  ...[Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, AggregateError].map(
    ({ prototype }) => [prototype, "error"] as const,
  ),
]);

/** A kind of object whose content is known. */
export type Standard = "object" | "array" | "map" | "set" | "date" | "regexp" | "url" | "buffer" | "error" | "view";

/** What of the language's own an object is; `undefined` for instances of other classes, subclasses among them. */
export function standardOf(value: object): Standard | undefined {
  if (ArrayBuffer.isView(value)) return viewType(value) === undefined ? undefined : "view";
  const standard = PROTOTYPES.get(Object.getPrototypeOf(value));
  // A class of another realm, and what only has the prototype of an array, is none of these either.
  return standard === "array" && !Array.isArray(value) ? undefined : standard;
}

const typeName = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)?.get;

/** A view's type; Node's Buffer counts as the Uint8Array it is. `undefined` for other subclasses, of whatever name. */
export function viewType(view: ArrayBufferView): string | undefined {
  const type: keyof typeof globalThis = typeName?.call(view) ?? "DataView";
  const own: unknown = Object.getPrototypeOf(view);
  const isIntrinsic = own === (globalThis[type] as { prototype?: unknown } | undefined)?.prototype;
  const isBuffer = type === "Uint8Array" && own === bufferPrototype();
  return isIntrinsic || isBuffer ? type : undefined;
}

/** Reads what only the real thing has. @throws Refusal for what merely has its prototype */
export function genuine<T>(read: () => T): T {
  try {
    return read();
  } catch {
    throw new Refusal("is not what its prototype says");
  }
}

/** `an instance of Socket`, as far as that is known. */
export function describeForeign(value: unknown): string {
  if (typeof value !== "object") return `is a ${typeof value}, which has no content to go by`;
  const name: unknown = (value as { constructor?: { name?: unknown } }).constructor?.name;
  const known = typeof name === "string" && /^[A-Za-z_$][\w$]{0,39}$/.test(name);
  return `is an instance of ${known ? name : "a class"}, whose content is its own affair`;
}
