import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { formsOf, secretsIn } from "./forms.mjs";

/** Keys that are published, in documents or as test vectors: nobody's secrets. @param {string} hex */
const isPublished = (hex) => {
  const bytes = [...Buffer.from(hex, "hex")];
  return bytes.every((byte, i) => i === 0 || byte === ((bytes[i - 1] ?? 0) + 1) % 256);
};

/**
 * Looks for the keys that the tests made in all that the tests printed.
 * @param {string} folder - what {@link file://./record.ts} wrote
 * @param {string} output - of the test runner itself
 * @returns {{ readonly keys: number, readonly bytes: number, readonly found: readonly string[] }}
 */
export function searchSecrets(folder, output) {
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const textOf = (/** @type {string} */ name) => readFileSync(join(folder, name), "latin1");
  const keys = files
    .filter((name) => name.endsWith(".keys"))
    .flatMap((name) => textOf(name).split("\n").filter(Boolean));
  const secret = new Set(keys.filter((hex) => !isPublished(hex)));
  const forms = new Set([...secret].flatMap((hex) => formsOf(Buffer.from(hex, "hex"))));
  const printed = [output, ...files.filter((name) => name.endsWith(".printed")).map(textOf)];
  const bytes = printed.reduce((length, text) => length + text.length, 0);
  return { keys: secret.size, bytes, found: printed.flatMap((text) => secretsIn(text, forms)) };
}
