import type { CallRecord } from "./record.ts";

/** What the key of a record says, so that most of a query is answered without reading a record. */
export type RecordKey = Pick<CallRecord, "id" | "name" | "version" | "digest" | "started">;

const WORD = /^[^\p{Cc}]{1,255}$/u;

const isWord = (text: string | undefined): text is string => text !== undefined && WORD.test(text);

/** A time that records can have: whole milliseconds. */
export const isTime = (time: unknown): time is number => Number.isSafeInteger(time) && (time as number) >= 0;

/** @throws TypeError for what the key of a record cannot say */
export function recordKeyText(key: RecordKey): string {
  const { id, started, digest, name, version } = key;
  const text = [id, String(started), digest, name, version ?? ""].join("\n");
  if (parseRecordKey(text) === undefined) throw new TypeError("this is no call of a memoized function");
  return text;
}

/** What a key of the records' namespace says; `undefined` for one that is none of a record. */
export function parseRecordKey(text: string): RecordKey | undefined {
  const [id = "", time = "", digest = "", name, version = "", ...more] = text.split("\n");
  const started = Number(time);
  if (!/^[0-9a-f]{32}$/.test(id) || !/^[0-9a-f]{64}$/.test(digest) || more.length > 0) return undefined;
  if (!/^(0|[1-9]\d*)$/.test(time) || !isTime(started) || !isWord(name)) return undefined;
  if (version === "") return text.endsWith("\n") ? { id, started, digest, name } : undefined;
  return isWord(version) ? { id, started, digest, name, version } : undefined;
}

/** Whether a call of this function with these arguments has its result under that key. */
export function isResultKey({ name, version, digest }: RecordKey, key: string): boolean {
  const words = (version === undefined ? [name, digest] : [name, version, digest]).join("\n");
  return key === words || key === `${words}\nitems`;
}
