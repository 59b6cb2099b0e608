import { Refusal } from "../protocol/reply.ts";

/** What a key holds. Bytes of keys and fields are in text, a character for each. */
export type Value =
  | { readonly type: "string"; bytes: Buffer }
  | { readonly type: "hash"; readonly fields: Map<string, Buffer> }
  | { readonly type: "list"; readonly items: Buffer[] };

/** The value if it is of a type; a key that is not there is of every type. @throws Refusal */
export function ofType<T extends Value["type"]>(
  value: Value | undefined,
  type: T,
): Extract<Value, { type: T }> | undefined {
  if (value === undefined || value.type === type) return value as Extract<Value, { type: T }> | undefined;
  throw new Refusal("WRONGTYPE Operation against a key holding the wrong kind of value");
}

/** What it takes in memory, roughly as the real server counts. */
export function costOf(key: string, value: Value): number {
  const own = 96 + key.length;
  if (value.type === "string") return own + value.bytes.length;
  if (value.type === "list") return value.items.reduce((sum, item) => sum + item.length + 16, own);
  let sum = own;
  for (const [field, bytes] of value.fields) sum += costOfField(field, bytes);
  return sum;
}

/** Whether there is nothing left of it: such a key is gone. */
export function isEmpty(value: Value): boolean {
  if (value.type === "string") return false;
  return value.type === "hash" ? value.fields.size === 0 : value.items.length === 0;
}

/** What one field takes; nothing when it is not there. */
export function costOfField(field: string, bytes: Buffer | undefined): number {
  return bytes === undefined ? 0 : field.length + bytes.length + 64;
}
