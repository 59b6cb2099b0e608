import { constants } from "node:fs";
import { open } from "node:fs/promises";

/**
 * The bytes of a small file; `undefined` for anything but a file, and for one with more than `most` bytes. A FIFO is not waited for and
 * a link not followed, to a device that never ends for instance.
 * @throws the platform's error when nothing is there or it cannot be read
 */
export async function readRegular(path: string, most: number): Promise<Uint8Array | undefined> {
  const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);
  const file = await open(path, flags).catch(unlessOther);
  if (file === undefined) return undefined;
  try {
    if (!(await file.stat()).isFile()) return undefined;
    const bytes = new Uint8Array(most + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read)
      read = (await file.read(bytes, length, bytes.length - length, length)).bytesRead;
    return length > most ? undefined : bytes.subarray(0, length);
  } finally {
    await file.close();
  }
}

/** What systems answer for a link, and for a socket. */
const OTHER: readonly unknown[] = ["ELOOP", "EMLINK", "ENXIO", "EOPNOTSUPP"];

function unlessOther(error: unknown): undefined {
  if (!OTHER.includes((error as { code?: unknown }).code)) throw error;
  return undefined;
}
