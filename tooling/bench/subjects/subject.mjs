/**
 * Something that keeps bytes under keys in a directory of its own.
 * @typedef {object} Keeper
 * @property {(key: string, value: Uint8Array) => unknown} put
 * @property {(key: string) => unknown} get - the value, or `undefined`
 * @property {((key: string) => unknown) | undefined} [has]
 * @property {(() => unknown) | undefined} [close]
 */

/** @typedef {(directory: string) => Keeper | Promise<Keeper>} Subject */

export {};
