import type { CacheOptions } from "@cache/core";
import type { Measure } from "./source.ts";

/** How a version is kept when it is not kept whole. */
export interface StoredDelta {
  /** Name of the engine that made it. */
  readonly engine: string;
  /** SHA-256 of the delta in hexadecimal. */
  readonly digest: string;
  /** Bytes of the delta. */
  readonly size: number;
  /** What it is a delta to. */
  readonly reference: Measure;
}

/** What is kept of a version beside its bytes, as the value of an entry under its name. */
export interface VersionRecord extends Measure {
  readonly format: 1;
  /** Absent: it is stored whole. */
  readonly delta?: StoredDelta | undefined;
}

/** Something whole that versions of a group can be deltas to. */
export interface Candidate extends Measure {
  /** When it was last put, in milliseconds since 1970 UTC. */
  readonly put: number;
}

/** What is kept of a group: hints for the next put, on which nothing that is stored depends. */
export interface GroupRecord {
  readonly format: 1;
  /** The newest first. */
  readonly candidates: readonly Candidate[];
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;
const isNumber = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isDigest = (value: unknown): boolean => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
const isMeasure = (value: unknown): value is Fields =>
  isFields(value) && isDigest(value.digest) && isNumber(value.size);

function isDelta(value: unknown): boolean {
  return isMeasure(value) && typeof value.engine === "string" && isMeasure(value.reference);
}

const isVersion = (value: unknown): value is VersionRecord =>
  isMeasure(value) && value.format === 1 && (value.delta === undefined || isDelta(value.delta));

const isGroup = (value: unknown): value is GroupRecord =>
  isFields(value) &&
  value.format === 1 &&
  Array.isArray(value.candidates) &&
  value.candidates.every((each: unknown) => isMeasure(each) && isNumber(each.put));

type Schema<V> = NonNullable<CacheOptions<V>["schema"]>;

/** Refuses a value of another shape, be it signed: a record of a later version is a miss. */
function schemaOf<V>(isOne: (value: unknown) => value is V): Schema<V> {
  const validate = (value: unknown) => (isOne(value) ? { value } : { issues: [{ message: "it is of another shape" }] });
  return { "~standard": { version: 1, vendor: "@cache/delta", validate } };
}

export const versionSchema: Schema<VersionRecord> = schemaOf(isVersion);
export const groupSchema: Schema<GroupRecord> = schemaOf(isGroup);
