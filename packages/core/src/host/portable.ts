/** There are no diagnostics channels here; events reach `onEvent` all the same. */
export function diagnose(_name: string, _message: object): void {}

/** There is no file system here. */
export async function publishFile(_path: string, _pieces: AsyncIterable<Uint8Array>): Promise<void> {
  throw new TypeError("toFile needs a file system, which this platform does not have; use open or get");
}
