/**
 * Something that keeps bytes under keys in a directory of its own.
 * @typedef {object} Keeper
 * @property {(key: string, value: Uint8Array) => unknown} put
 * @property {(key: string) => unknown} get - the value, or `undefined`
 * @property {((key: string) => unknown) | undefined} [has]
 * @property {((count: number) => unknown) | undefined} [prepare] - makes whatever directories many values of any size would have made
 * @property {(() => unknown) | undefined} [close]
 */

/** @typedef {(directory: string) => Keeper | Promise<Keeper>} Subject */

export {};
