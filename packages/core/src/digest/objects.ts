import { errorFieldsOf, fieldsOf, itemsOf, requireBare, requireBareArray } from "./fields.ts";
import type { Step } from "./refusal.ts";
import { genuine, type Standard, viewType } from "./standard.ts";
import { TAG } from "./tags.ts";
import type { Writer } from "./writer.ts";

/** Where an object is written, and how what stands in it is. */
export interface Target {
  readonly out: Writer;
  inside(step: Step, value: unknown): void;
}

/** Writes one of the language's own objects. */
export function writeStandard(target: Target, standard: Standard, value: object): void {
  if (standard === "object") {
    target.out.tag(TAG.object);
    writeFields(target, value, fieldsOf(value));
  } else if (standard === "array") writeArray(target, value as unknown[]);
  else if (standard === "error") writeError(target, value as Error);
  else if (standard === "view") writeView(target.out, value as ArrayBufferView);
  else {
    requireBare(value);
    WRITERS[standard](target, value as never);
  }
}

const WRITERS = {
  map({ out, inside }: Target, value: Map<unknown, unknown>) {
    const entries = genuine(() => Array.from(Map.prototype.entries.call(value)));
    out.tag(TAG.map);
    out.count(entries.length);
    for (const [i, [key, item]] of entries.entries()) {
      inside({ key: i }, key);
      inside({ value: i }, item);
    }
  },
  set({ out, inside }: Target, value: Set<unknown>) {
    const items = genuine(() => Array.from(Set.prototype.values.call(value)));
    out.tag(TAG.set);
    out.count(items.length);
    for (const [i, item] of items.entries()) inside({ value: i }, item);
  },
  date({ out }: Target, value: Date) {
    const time = genuine(() => Date.prototype.getTime.call(value));
    out.tag(TAG.date);
    out.float(time);
  },
  regexp({ out }: Target, value: RegExp) {
    const { source, flags } = genuine(() => ({ source: value.source, flags: value.flags }));
    out.tag(TAG.regexp);
    out.text(flags);
    out.float(value.lastIndex);
    out.text(source);
  },
  url({ out }: Target, value: URL) {
    const href = genuine(() => value.href);
    out.tag(TAG.url);
    out.text(href);
  },
  buffer({ out }: Target, value: ArrayBuffer) {
    const bytes = genuine(() => new Uint8Array(value, 0, value.byteLength));
    const start = out.length;
    out.tag(TAG.buffer);
    out.bytes(start, bytes);
  },
} as const;

function writeView(out: Writer, view: ArrayBufferView): void {
  const type = viewType(view) as string;
  if (type === "DataView") requireBare(view);
  else requireBareArray(view);
  const start = out.length;
  out.tag(TAG.view);
  out.text(type);
  out.bytes(start, new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
}

/** A place without an item is apart from one that holds `undefined`. */
function writeArray({ out, inside }: Target, array: readonly unknown[]): void {
  const places = itemsOf(array);
  const isDense = places.length === array.length;
  out.tag(isDense ? TAG.array : TAG.sparse);
  out.count(array.length);
  if (isDense) {
    for (let i = 0; i < array.length; i++) inside(i, array[i]);
    return;
  }
  out.count(places.length);
  for (const place of places) {
    out.count(Number(place));
    inside(Number(place), array[Number(place)]);
  }
}

/** Its class, message and fields; where it was made does not count. */
function writeError(target: Target, error: Error): void {
  target.out.tag(TAG.error);
  target.out.text((Object.getPrototypeOf(error) as Error).constructor.name);
  target.inside("message", error.message);
  writeFields(target, error, errorFieldsOf(error));
}

function writeFields({ out, inside }: Target, value: object, names: string[]): void {
  out.count(names.length);
  for (const name of names.sort()) {
    out.text(name);
    inside(name, (value as Readonly<Record<string, unknown>>)[name]);
  }
}
