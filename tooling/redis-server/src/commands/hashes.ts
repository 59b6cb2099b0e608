import { costOfField, ofType } from "../data/values.ts";
import { type Reply, wrongArity } from "../protocol/reply.ts";
import { type Commands, type Context, raw } from "./command.ts";

/** Commands about hashes. */
export const hashCommands: Commands = {
  HSET: { arity: -4, writes: true, grows: true, run: hset },
  HDEL: { arity: -3, writes: true, run: hdel },
  HGET: { arity: 3, run: (context, words) => fieldsOf(context, words)?.get(raw(words[2])) ?? null },
  HMGET: {
    arity: -3,
    run(context, words) {
      const fields = fieldsOf(context, words);
      return words.slice(2).map((field) => fields?.get(raw(field)) ?? null);
    },
  },
  HGETALL: {
    arity: 2,
    run: (context, words) =>
      [...(fieldsOf(context, words) ?? [])].flatMap(([field, bytes]) => [Buffer.from(field, "latin1"), bytes]),
  },
  HEXISTS: { arity: 3, run: (context, words) => (fieldsOf(context, words)?.has(raw(words[2])) === true ? 1 : 0) },
  HSTRLEN: { arity: 3, run: (context, words) => fieldsOf(context, words)?.get(raw(words[2]))?.length ?? 0 },
  HLEN: { arity: 2, run: (context, words) => fieldsOf(context, words)?.size ?? 0 },
};

function fieldsOf({ keys }: Context, words: readonly Buffer[]): Map<string, Buffer> | undefined {
  return ofType(keys.get(raw(words[1])), "hash")?.fields;
}

function hset(context: Context, words: readonly Buffer[]): Reply {
  const [, key, ...rest] = words;
  if (rest.length % 2 !== 0) throw wrongArity("hset");
  const had = fieldsOf(context, words);
  const fields = had ?? new Map<string, Buffer>();
  const before = fields.size;
  let more = 0;
  for (let at = 0; at < rest.length; at += 2) {
    const [field, bytes] = [raw(rest[at]), rest[at + 1] ?? Buffer.alloc(0)];
    more += costOfField(field, bytes) - costOfField(field, fields.get(field));
    fields.set(field, bytes);
  }
  if (had === undefined) context.keys.set(raw(key), { type: "hash", fields });
  else context.keys.changed(raw(key), more);
  return fields.size - before;
}

function hdel(context: Context, words: readonly Buffer[]): Reply {
  const [, key, ...names] = words;
  const fields = fieldsOf(context, words);
  let gone = 0;
  for (const name of names.map(raw)) {
    const bytes = fields?.get(name);
    if (fields?.delete(name) !== true) continue;
    gone++;
    context.keys.changed(raw(key), -costOfField(name, bytes));
  }
  return gone;
}
