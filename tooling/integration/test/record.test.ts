import { toHex, utf8 } from "@cache/core/bytes";
import {
  decodeStatement,
  encodeRecord,
  encodeStatement,
  integrityOnly,
  readClaim,
  type Statement,
  verifyRecord,
} from "@cache/core/record";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { content, statement } from "./records.ts";

const asked = { namespace: "builds", key: utf8("src/main.ts"), now: 1_700_000_000_001 };
const read = (record: Uint8Array, change: Partial<typeof asked> = {}) =>
  verifyRecord(record, integrityOnly, { ...asked, ...change });

const anyStatement = fc.record({
  kind: fc.constantFrom(1, 2, 3),
  created: fc.nat(),
  expires: fc.constant(0),
  sequence: fc.maxSafeNat(),
  size: fc.maxSafeNat(),
  digest: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  namespace: fc.string({ maxLength: 60 }).filter((text) => text.isWellFormed()),
  key: fc.uint8Array({ minLength: 1, maxLength: 300 }),
  writer: fc.string({ maxLength: 60 }).filter((text) => text.isWellFormed()),
  metadata: fc.uint8Array({ maxLength: 300 }),
});

describe("records", () => {
  it("statement: the known answer of the format document", () => {
    expect(toHex(encodeStatement(statement))).toBe(
      "01010000018bcfe568000000018bd50bc4000000000000000007000000000000000d7218e1c69c197e5c1dfd05d6e2" +
        "0f0ae307a74cd4d210b56c5a7d7a1f7ae5a20600066275696c6473000b7372632f6d61696e2e7473000463692d310000",
    );
  });

  it("statement: one encoding a value, one value an encoding", () => {
    fc.assert(
      fc.property(anyStatement, (each) => {
        const bytes = encodeStatement(each);
        expect(encodeStatement(decodeStatement(bytes))).toEqual(bytes);
        expect(decodeStatement(bytes)).toEqual(each);
      }),
    );
  });

  it("statement: any bytes decode to a statement that encodes to the same bytes, or are refused as a format error", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        let decoded: Statement;
        try {
          decoded = decodeStatement(bytes);
        } catch (error) {
          expect(error).toMatchObject({ code: "ERR_CACHE_FORMAT" });
          return;
        }
        expect(encodeStatement(decoded)).toEqual(bytes);
      }),
    );
  });

  it("M57: left-over bytes, expiry before creation and numbers above 2^53 are refused whatever the proof says", async () => {
    expect(() => decodeStatement(new Uint8Array([...encodeStatement(statement), 0]))).toThrow(/left over/);
    expect(() => encodeStatement({ ...statement, expires: statement.created })).toThrow(/before it was created/);
    const huge = encodeStatement(statement);
    huge.set([0xff, 0xff], 18);
    expect(() => decodeStatement(huge)).toThrow(/2\^53/);
  });

  it("round trip with the payload attached, and without", async () => {
    const attached = await read(await encodeRecord(statement, integrityOnly, content));
    expect(attached.payload).toEqual(content);
    expect(attached.statement).toEqual(statement);
    expect((await read(await encodeRecord(statement, integrityOnly))).payload).toBeUndefined();
  });

  it("M53: no single changed byte verifies, and no prefix does", async () => {
    const record = await encodeRecord(statement, integrityOnly, content);
    for (let at = 0; at < record.length; at++) {
      const changed = record.slice();
      changed[at] = (changed[at] as number) ^ 1;
      await expect(read(changed), `byte ${at}`).rejects.toMatchObject({ name: "CacheError" });
    }
    const proofEnd = record.length - content.length;
    for (let length = 0; length < record.length; length++) {
      if (length === proofEnd) continue;
      await expect(read(record.slice(0, length)), `length ${length}`).rejects.toMatchObject({ name: "CacheError" });
    }
    expect((await read(record.slice(0, proofEnd))).payload).toBeUndefined();
  });

  it("M5 M6: a record answers to its own namespace and key only", async () => {
    const record = await encodeRecord(statement, integrityOnly, content);
    await expect(read(record, { namespace: "build" })).rejects.toMatchObject({ code: "ERR_CACHE_AUTH" });
    await expect(read(record, { key: utf8("src/main.js") })).rejects.toMatchObject({ code: "ERR_CACHE_AUTH" });
  });

  it("M56: verification without the expected name throws", async () => {
    const record = await encodeRecord(statement, integrityOnly, content);
    // @ts-expect-error the expected namespace and key are required
    await expect(verifyRecord(record, integrityOnly, { now: 0 })).rejects.toThrow(TypeError);
    // @ts-expect-error the third argument is required
    await expect(verifyRecord(record, integrityOnly)).rejects.toThrow(TypeError);
  });

  it("M58: expired by one millisecond and created 301 s ahead are refused, 299 s ahead is accepted", async () => {
    const record = await encodeRecord(statement, integrityOnly, content);
    expect((await read(record, { now: statement.expires - 1 })).payload).toEqual(content);
    await expect(read(record, { now: statement.expires })).rejects.toMatchObject({ code: "ERR_CACHE_EXPIRED" });
    expect((await read(record, { now: statement.created - 299_000 })).payload).toEqual(content);
    await expect(read(record, { now: statement.created - 301_000 })).rejects.toMatchObject({
      code: "ERR_CACHE_NOT_YET_VALID",
    });
  });

  it("a claim is readable without keys and believed by nobody", async () => {
    const record = await encodeRecord(statement, integrityOnly, content);
    expect(readClaim(record).statement.key).toEqual(statement.key);
    record[HEADER_END] = 9;
    expect(() => readClaim(record)).toThrow();
  });
});

const HEADER_END = 32;
