import { createHash, randomUUID } from "node:crypto";
import { Failure } from "./failure.mjs";
import { etagOf } from "./objects.mjs";

const SMALLEST = 5 * 1024 * 1024;
const MOST = 10_000;

/** @typedef {{ key: string, id: string, initiated: number, parts: Map<number, { content: Buffer, etag: string }> }} Upload */

/** Uploads in parts that were begun and not ended. */
export class Uploads {
  /** @type {Map<string, Upload>} */
  #begun = new Map();

  /** @param {string} key */
  begin(key) {
    const id = randomUUID();
    this.#begun.set(id, { key, id, initiated: Date.now(), parts: new Map() });
    return id;
  }

  /**
   * @param {string} key
   * @param {string} id
   */
  find(key, id) {
    const upload = this.#begun.get(id);
    if (upload === undefined || upload.key !== key) throw new Failure("NoSuchUpload");
    return upload;
  }

  /**
   * @param {Upload} upload
   * @param {number} number
   * @param {Buffer} content
   */
  take(upload, number, content) {
    if (!Number.isInteger(number) || number < 1 || number > MOST) throw new Failure("InvalidArgument");
    const part = { content, etag: etagOf(content) };
    upload.parts.set(number, part);
    return part.etag;
  }

  /** @param {Upload} upload */
  end(upload) {
    this.#begun.delete(upload.id);
  }

  /** All of them, in the order of their keys. */
  all() {
    return [...this.#begun.values()].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  }
}

/**
 * What the named parts make together.
 * @param {Upload} upload
 * @param {readonly { number: number, etag: string }[]} named
 */
export function joined(upload, named) {
  const parts = named.map(({ number, etag }, at) => {
    if (at > 0 && number <= (named[at - 1]?.number ?? 0)) throw new Failure("InvalidPartOrder");
    const part = upload.parts.get(number);
    if (part === undefined || part.etag !== etag) throw new Failure("InvalidPart");
    return part;
  });
  if (parts.slice(0, -1).some(({ content }) => content.length < SMALLEST)) throw new Failure("EntityTooSmall");
  const sums = createHash("md5");
  for (const { etag } of parts) sums.update(etag, "hex");
  return { content: Buffer.concat(parts.map(({ content }) => content)), etag: `${sums.digest("hex")}-${parts.length}` };
}
