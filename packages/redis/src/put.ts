import { type Name, type PutOptions, type PutResult, parseName } from "@cache/core/adapter";
import type { Medium } from "./medium.ts";
import { Staging } from "./staging.ts";
import { newVersion } from "./versions.ts";

/** A value with one script; a long one with its pieces first, and then one script. */
export async function put(medium: Medium, name: Name, bytes: Uint8Array, options: PutOptions): Promise<PutResult> {
  parseName(name);
  options.signal?.throwIfAborted();
  // A copy: a client may send after the caller has its buffer back. Not slice: a Node Buffer's shares memory.
  const own = new Uint8Array(bytes);
  if (own.length <= medium.settings.chunkSize) {
    return medium.writing.publish(name, { version: newVersion(), bytes: own }, options);
  }
  if (options.ifAbsent === true && (await medium.reading.isThere(name, options.signal))) return { written: false };
  return putLong(medium, name, own, options);
}

async function putLong(medium: Medium, name: Name, bytes: Uint8Array, options: PutOptions): Promise<PutResult> {
  const { chunkSize: chunk } = medium.settings;
  const version = newVersion();
  const staging = new Staging(medium.connection, medium.keys.body(parseName(name).hex, version), options.signal);
  await staging.write(async () => {
    for (let at = 0; at * chunk < bytes.length; at++) {
      await staging.add(at, bytes.subarray(at * chunk, (at + 1) * chunk));
    }
  });
  const payload = { version, size: bytes.length, chunk, waiting: staging.key };
  return staging.publish(() => medium.writing.publish(name, payload, options));
}
