/** There are no diagnostics channels here; events reach `onEvent` all the same. */
export function diagnose(_name: string, _message: object): void {}

/** Whether anybody subscribed to a diagnostics channel. */
export const isDiagnosed = (_name: string): boolean => false;

/** There is no file system here. */
export async function publishFile(_path: string, _pieces: AsyncIterable<Uint8Array>): Promise<void> {
  throw new TypeError("toFile needs a file system, which this platform does not have; use open or get");
}

/** What the prototype of buffers is where somebody brought Node's. */
export const bufferPrototype = (): unknown =>
  (globalThis as { readonly Buffer?: { readonly prototype?: unknown } }).Buffer?.prototype ?? Uint8Array.prototype;

/** Whether a typed array has no fields: nothing here lists them without the items. */
export function hasItemsOnly(view: ArrayBufferView): boolean {
  return Reflect.ownKeys(view).length === Reflect.get(Object.getPrototypeOf(Uint8Array.prototype), "length", view);
}
