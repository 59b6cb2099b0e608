import { concat, pae, utf8 } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import {
  decodeStatement,
  encodeRecord,
  encodeStatement,
  integrityOnly,
  readClaim,
  type Statement,
  verifyRecord,
} from "@cache/core/record";
import { describe, expect, it } from "vitest";
import { content, statement as told } from "./records.ts";

const statement: Statement = {
  ...told,
  expires: 0,
  namespace: "",
  key: utf8("a key of some length"),
  writer: "",
};
const asked = { namespace: "", key: statement.key, now: statement.created };
const malformed = { code: "ERR_CACHE_FORMAT" };

/** A record whose proof holds, whatever its header and statement say. */
function forged(body: Uint8Array, change: (header: Uint8Array) => void = () => undefined): Uint8Array {
  const header = concat(Uint8Array.of(0x89, 0x43, 0x53, 0x49, 0x47, 0x0d, 0x0a, 0x1a, 1, 0), new Uint8Array(22));
  new DataView(header.buffer).setUint16(10, body.byteLength);
  change(header);
  return concat(header, body, crypto.sha256(pae("cache/v1/signed-entry", header, body)), content);
}

/** The bytes of the statement with something else in them. */
function changedStatement(change: (bytes: Uint8Array, view: DataView) => void): Uint8Array {
  const bytes = encodeStatement(statement);
  change(bytes, new DataView(bytes.buffer));
  return bytes;
}

const read = (record: Uint8Array) => verifyRecord(record, integrityOnly, asked);

/** How often a signer is asked about what is read. */
async function askedFor(record: Uint8Array): Promise<number> {
  let times = 0;
  const signer = {
    ...integrityOnly,
    verify: (...args: Parameters<typeof integrityOnly.verify>) => {
      times += 1;
      return integrityOnly.verify(...args);
    },
  };
  await verifyRecord(record, signer, asked).catch(() => undefined);
  return times;
}

describe("a number that the format does not have", () => {
  it.each([-1, 0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, "5"])("is not written: %s", async (number) => {
    for (const field of ["created", "expires", "sequence", "size"]) {
      const odd = { ...statement, expires: 0, [field]: number } as Statement;
      expect(() => encodeStatement(odd), field).toThrow(expect.objectContaining(malformed));
    }
  });
});

describe("a record whose proof holds", () => {
  it("is read when all its fields are sound", async () => {
    expect((await read(forged(encodeStatement(statement)))).payload).toEqual(content);
    expect(forged(encodeStatement(statement))).toEqual(await encodeRecord(statement, integrityOnly, content));
  });

  it.each([
    ["a first byte of something else", 0, 0x88],
    ["an algorithm that nobody knows", 9, 3],
    ["a reserved byte that is set", 15, 1],
  ])("is refused as no record before its signer is asked: %s", async (_, at, value) => {
    const record = forged(encodeStatement(statement), (header) => {
      header[at] = value;
    });
    await expect(read(record)).rejects.toMatchObject(malformed);
    expect(() => readClaim(record)).toThrow(expect.objectContaining(malformed));
    expect(await askedFor(record)).toBe(0);
  });

  it("is refused before its signer is asked when its statement is shorter than any, or it ends within its proof", async () => {
    const whole = await encodeRecord(statement, integrityOnly);
    for (const record of [forged(encodeStatement(statement).subarray(0, 74)), whole.subarray(0, -1)]) {
      await expect(read(record)).rejects.toMatchObject(malformed);
      expect(() => readClaim(record)).toThrow(expect.objectContaining(malformed));
      expect(await askedFor(record)).toBe(0);
    }
  });

  it("is refused when it is not signed and names a key", async () => {
    const record = forged(encodeStatement(statement), (header) => header.fill(1, 16, 32));
    await expect(read(record)).rejects.toMatchObject({ code: "ERR_CACHE_AUTH" });
  });

  it.each([-1, 1])("is refused when it states a size that is not its payload's: %i byte", async (more) => {
    const record = await encodeRecord({ ...statement, size: statement.size + more }, integrityOnly, content);
    await expect(read(record)).rejects.toMatchObject({ code: "ERR_CACHE_AUTH" });
  });

  it.each([
    ["kind 0", (bytes: Uint8Array) => bytes.fill(0, 0, 1)],
    ["kind 4", (bytes: Uint8Array) => bytes.fill(4, 0, 1)],
    ["a digest that is not SHA-256", (bytes: Uint8Array) => bytes.fill(2, 1, 2)],
    ["an expiry before its creation", (bytes: Uint8Array) => bytes.fill(1, 17, 18)],
  ])("is refused with %s in its statement", async (_, change) => {
    const body = changedStatement(change);
    expect(() => decodeStatement(body)).toThrow(expect.objectContaining(malformed));
    await expect(read(forged(body))).rejects.toMatchObject(malformed);
  });
});

describe("a statement", () => {
  const namespaceAt = 66;
  const keyAt = namespaceAt + 2;

  it("has a key of 1 to 4096 bytes, names of at most 255 and metadata of at most 32768, written or read", () => {
    const longest = { namespace: "n".repeat(255), key: new Uint8Array(4096), metadata: new Uint8Array(32_768) };
    const sound = { ...statement, ...longest, writer: "w".repeat(255) };
    expect(decodeStatement(encodeStatement(sound))).toEqual(sound);
    for (const change of [
      { key: new Uint8Array(0) },
      { key: new Uint8Array(4097) },
      { namespace: "n".repeat(256) },
      { writer: "w".repeat(256) },
      { metadata: new Uint8Array(32_769) },
    ]) {
      expect(() => encodeStatement({ ...statement, ...change })).toThrow(expect.objectContaining(malformed));
    }
    // A key of no bytes, and what was the key as the writer.
    const keyless = changedStatement((bytes) => bytes.copyWithin(keyAt + 2, keyAt, -4)).fill(0, keyAt, keyAt + 2);
    expect(() => decodeStatement(keyless)).toThrow(/the key has 1 to 4096 bytes/);
  });

  it("that ends within a length or within a field is refused as one that ends early", () => {
    const bytes = encodeStatement(statement);
    for (const body of [bytes.subarray(0, -1), bytes.subarray(0, -2), bytes.subarray(0, -5)])
      expect(() => decodeStatement(body)).toThrow(expect.objectContaining(malformed));
    const beyond = changedStatement((_, view) => view.setUint16(view.byteLength - 2, 1));
    expect(() => decodeStatement(beyond)).toThrow(/it ends early/);
  });
});

describe("verification", () => {
  it("M56: needs the namespace and the key, also where there is none to speak of, and before it looks at a byte", async () => {
    const unsure = /needs the namespace and the key/;
    const sound = await encodeRecord(statement, integrityOnly, content);
    for (const record of [sound, new Uint8Array(0)]) {
      // @ts-expect-error the namespace is required
      await expect(verifyRecord(record, integrityOnly, { key: asked.key, now: 0 })).rejects.toThrow(unsure);
      // @ts-expect-error the key is required
      await expect(verifyRecord(record, integrityOnly, { namespace: "", now: 0 })).rejects.toThrow(unsure);
    }
  });
});
