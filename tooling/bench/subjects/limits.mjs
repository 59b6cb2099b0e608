import { createHash } from "node:crypto";
import { closeSync, existsSync, openSync, readSync, renameSync, writeSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { join } from "node:path";

/** @typedef {import("./subject.mjs").Subject} Subject */

/** @param {Uint8Array} bytes */
const digestOf = (bytes) => createHash("sha256").update(bytes).digest("base64");

/**
 * The least work that does the job: hash, open, write, close, rename; open, read, close, hash. It finds what was changed, if whoever
 * changed it has not read this; the digests are held in memory, which costs nothing here.
 * @type {Subject}
 */
export function limitSync(directory) {
  /** @type {Map<string, string>} */
  const digests = new Map();
  const [temporary, path] = [join(directory, "temporary"), (/** @type {string} */ key) => join(directory, key)];
  const room = Buffer.allocUnsafeSlow(2_097_152);
  return {
    put(key, value) {
      digests.set(key, digestOf(value));
      const file = openSync(temporary, "w", 0o600);
      writeSync(file, value);
      closeSync(file);
      renameSync(temporary, path(key));
    },
    get(key) {
      const file = openSync(path(key), "r");
      const bytes = Buffer.from(room.subarray(0, readSync(file, room)));
      closeSync(file);
      return digestOf(bytes) === digests.get(key) ? bytes : undefined;
    },
    has: (key) => existsSync(path(key)),
  };
}

/** The same through the thread pool. @type {Subject} */
export function limitAsync(directory) {
  /** @type {Map<string, string>} */
  const digests = new Map();
  return {
    async put(key, value) {
      digests.set(key, digestOf(value));
      const file = await open(join(directory, "temporary"), "w", 0o600);
      await file.write(value);
      await file.close();
      await rename(join(directory, "temporary"), join(directory, key));
    },
    async get(key) {
      const file = await open(join(directory, key), "r");
      const bytes = await file.readFile();
      await file.close();
      return digestOf(bytes) === digests.get(key) ? bytes : undefined;
    },
  };
}
