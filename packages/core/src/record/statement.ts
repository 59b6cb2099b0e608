import { copyOf } from "../bytes/join.ts";
import { getUint64, setUint64 } from "../bytes/number.ts";
import { fromUtf8, utf8 } from "../bytes/text.ts";
import { CacheError } from "../errors.ts";

/** What a record is about (format, "Record"). */
export const RecordKind = { entry: 1, packageManifest: 2, sealedFile: 3 } as const;

/** What is signed. Times are milliseconds since 1970 UTC; `expires` 0 is never. */
export interface Statement {
  /** One of {@link RecordKind}. */
  readonly kind: number;
  readonly created: number;
  readonly expires: number;
  /** Grows with every write of a name. */
  readonly sequence: number;
  /** Payload length in bytes. */
  readonly size: number;
  /** SHA-256 of the payload, 32 bytes. */
  readonly digest: Uint8Array;
  /** At most 255 bytes of UTF-8. */
  readonly namespace: string;
  /** 1 to 4096 bytes. */
  readonly key: Uint8Array;
  /** At most 255 bytes of UTF-8; who wrote, by their own account. */
  readonly writer: string;
  /** At most 32768 opaque bytes. An entry keeps its codec's name here. */
  readonly metadata: Uint8Array;
}

const FIXED = 66;
const SHA256 = 1;
/** Shortest statement: the fixed fields, four lengths and a key of one byte. */
export const MIN_STATEMENT: number = FIXED + 8 + 1;

const malformed = (why: string): CacheError => new CacheError("ERR_CACHE_FORMAT", `not a valid statement: ${why}`);

function checkTimes(created: number, expires: number): void {
  if (expires !== 0 && expires <= created) throw malformed("it expires before it was created");
}

/** @throws CacheError `ERR_CACHE_FORMAT` for what is no whole number of 0 to 2^53 - 1 */
function whole(number: number): number {
  if (!Number.isSafeInteger(number) || number < 0) throw malformed("a number is none that the format has");
  return number;
}

/** The four fields of variable length, with their bounds, in order. */
function variableFields(statement: Statement): Uint8Array[] {
  const fields = [utf8(statement.namespace), statement.key, utf8(statement.writer), statement.metadata];
  fields.forEach(checkField);
  return fields;
}

const BOUNDS: readonly { what: string; min: number; max: number }[] = [
  { what: "namespace", min: 0, max: 255 },
  { what: "key", min: 1, max: 4096 },
  { what: "writer", min: 0, max: 255 },
  { what: "metadata", min: 0, max: 32_768 },
];

function checkField(bytes: Uint8Array, index: number): void {
  const { what, min, max } = BOUNDS[index] as (typeof BOUNDS)[number];
  if (bytes.byteLength < min || bytes.byteLength > max) throw malformed(`the ${what} has ${min} to ${max} bytes`);
}

/** @throws CacheError `ERR_CACHE_FORMAT` for a field out of bounds */
export function encodeStatement(statement: Statement): Uint8Array {
  checkTimes(statement.created, statement.expires);
  const fields = variableFields(statement);
  let length = FIXED;
  for (const field of fields) length += 2 + field.byteLength;
  const out = new Uint8Array(length);
  const view = new DataView(out.buffer);
  view.setUint8(0, statement.kind);
  view.setUint8(1, SHA256);
  setUint64(view, 2, whole(statement.created));
  setUint64(view, 10, whole(statement.expires));
  setUint64(view, 18, whole(statement.sequence));
  setUint64(view, 26, whole(statement.size));
  out.set(statement.digest, 34);
  let at = FIXED;
  for (const field of fields) {
    view.setUint16(at, field.byteLength);
    out.set(field, at + 2);
    at += 2 + field.byteLength;
  }
  return out;
}

function readNumber(view: DataView, at: number): number {
  const value = getUint64(view, at);
  if (value > Number.MAX_SAFE_INTEGER) throw malformed("a number is above 2^53 - 1");
  return value;
}

function readNumbers(view: DataView): [created: number, expires: number, sequence: number, size: number] {
  return [readNumber(view, 2), readNumber(view, 10), readNumber(view, 18), readNumber(view, 26)];
}

type Fields = [namespace: Uint8Array, key: Uint8Array, writer: Uint8Array, metadata: Uint8Array];

function readFields(bytes: Uint8Array, view: DataView): Fields {
  let at = FIXED;
  const fields = BOUNDS.map((_, index) => {
    if (at + 2 > bytes.byteLength) throw malformed("it ends early");
    const end = at + 2 + view.getUint16(at);
    if (end > bytes.byteLength) throw malformed("it ends early");
    const field = copyOf(bytes, at + 2, end);
    checkField(field, index);
    at = end;
    return field;
  });
  if (at !== bytes.byteLength) throw malformed("bytes are left over");
  return fields as Fields;
}

function text(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes);
  } catch (cause) {
    throw new CacheError("ERR_CACHE_FORMAT", "not a valid statement: its text is not UTF-8", { cause });
  }
}

/** Exactly one statement has these bytes. @throws CacheError `ERR_CACHE_FORMAT` */
export function decodeStatement(bytes: Uint8Array): Statement {
  if (bytes.byteLength < MIN_STATEMENT) throw malformed("it ends early");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kind = view.getUint8(0);
  if (kind < RecordKind.entry || kind > RecordKind.sealedFile) throw malformed("its kind is unknown");
  if (view.getUint8(1) !== SHA256) throw malformed("its digest algorithm is unknown");
  const [created, expires, sequence, size] = readNumbers(view);
  checkTimes(created, expires);
  const [namespace, key, writer, metadata] = readFields(bytes, view);
  const digest = copyOf(bytes, 34, FIXED);
  const names = { namespace: text(namespace), key, writer: text(writer) };
  return { kind, created, expires, sequence, size, digest, ...names, metadata };
}
