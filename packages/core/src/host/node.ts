import { randomUUID } from "node:crypto";
import { channel } from "node:diagnostics_channel";
import { open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Publishes a message to whoever subscribed to the diagnostics channel. */
export function diagnose(name: string, message: object): void {
  channel(name).publish(message);
}

/**
 * Writes pieces to a private file beside `path` and renames it there only when they ended well,
 * so that `path` never holds anything unverified.
 */
export async function publishFile(path: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const temporary = join(dirname(path), `.cache-${randomUUID()}.tmp`);
  const file = await open(temporary, "wx", 0o600);
  try {
    try {
      for await (const piece of pieces) await file.writeFile(piece);
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
