import { isAbsence } from "../failure.ts";
import { contentOf, type Probe } from "./probe.ts";

const WRITERS = 12;
const RACES = 40;

/** A put with `If-None-Match: *` leaves an object that is there. */
export async function putIfAbsent(probe: Probe): Promise<boolean> {
  const key = await probe.newObject("put", 1);
  return !(await probe.put(key, 2, true)) && (await probe.first(key)) === 1;
}

/** Of twelve such puts at once exactly one writes. */
export async function oneWinner(probe: Probe): Promise<boolean> {
  const key = probe.newKey("race");
  const won = await Promise.all(Array.from({ length: WRITERS }, (_, writer) => probe.put(key, writer, true)));
  return won.filter(Boolean).length === 1 && (await probe.first(key)) === won.indexOf(true);
}

/** Completing an upload with `If-None-Match: *` leaves an object that is there. */
export async function completeIfAbsent(probe: Probe): Promise<boolean> {
  const key = await probe.newObject("complete", 1);
  const upload = await probe.ask((bucket, signal) => bucket.createMultipartUpload(key, { signal }));
  const etag = await probe.ask((bucket, signal) => bucket.uploadPart(upload, 1, contentOf(2), { signal }));
  const written = await probe.unlessRefused((bucket, signal) =>
    bucket.completeMultipartUpload(upload, [{ number: 1, etag }], { ifAbsent: true, signal }),
  );
  if (written) return false;
  // A server may have ended the upload with its refusal.
  await probe.ask((bucket, signal) => bucket.abortMultipartUpload(upload, { signal })).catch(() => undefined);
  return (await probe.first(key)) === 1;
}

/** A delete with `If-Match` of another version leaves an object, and one with its own deletes it. */
export async function deleteIfMatch(probe: Probe): Promise<boolean> {
  const key = await probe.newObject("delete", 1);
  const { etag: stale } = await probe.get(key, {});
  await probe.put(key, 2, false);
  await probe.unlessRefused((bucket, signal) => bucket.deleteObject(key, { ifMatch: stale, signal }));
  if ((await probe.first(key)) !== 2) return false;
  const { etag: current } = await probe.get(key, {});
  const deleted = await probe.unlessRefused((bucket, signal) => bucket.deleteObject(key, { ifMatch: current, signal }));
  return deleted && (await probe.first(key)) === undefined;
}

/** A delete with `If-Match` never takes what was put at the same time. A server that compares first may be lucky here. */
export async function deleteRace(probe: Probe): Promise<boolean> {
  const key = await probe.newObject("delete-race", 0);
  for (let race = 1; race <= RACES; race++) {
    const { etag: stale } = await probe.get(key, {});
    const remove = () =>
      probe.unlessRefused((bucket, signal) => bucket.deleteObject(key, { ifMatch: stale, signal })).catch(orAbsent);
    const both = [() => probe.put(key, race, false), remove];
    if (race % 2 === 1) both.reverse();
    await Promise.all(both.map((request) => request()));
    if ((await probe.first(key)) !== race) return false;
  }
  return true;
}

/** A get with `If-Match` of another version is refused. */
export async function getIfMatch(probe: Probe): Promise<boolean> {
  const key = await probe.newObject("get", 1);
  const { etag: stale } = await probe.get(key, {});
  await probe.put(key, 2, false);
  return !(await probe.unlessRefused(() => probe.get(key, { ifMatch: stale })));
}

/** A range gives these bytes and no others. */
export async function ranges(probe: Probe): Promise<boolean> {
  const key = await probe.newObject("range", 7);
  const { start, size, bytes } = await probe.get(key, { range: { start: 1, end: 3 } });
  return start === 1 && size === 4 && bytes.length === 2 && bytes[0] === 8;
}

/** An object that was put is found at once, by its key and in a listing. */
export async function consistent(probe: Probe): Promise<boolean> {
  const key = await probe.newObject("list", 1);
  const { rows } = await probe.ask((bucket, signal) => bucket.listObjects({ prefix: key, signal }));
  return (await probe.first(key)) === 1 && rows.some((row) => row.key === key && row.size === 4);
}

/** A delete of what another delete took is refused as absent by some. */
function orAbsent(error: unknown): boolean {
  if (isAbsence(error)) return false;
  throw error;
}
