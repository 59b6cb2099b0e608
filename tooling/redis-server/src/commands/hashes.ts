import { ofType } from "../data/values.ts";
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

function fieldsOf({ keys }: Context, words: readonly Buffer[]): ReadonlyMap<string, Buffer> | undefined {
  return ofType(keys.get(raw(words[1])), "hash")?.fields;
}

function hset(context: Context, words: readonly Buffer[]): Reply {
  const [, key, ...rest] = words;
  if (rest.length % 2 !== 0) throw wrongArity("hset");
  const fields = new Map(fieldsOf(context, words));
  const before = fields.size;
  for (let at = 0; at < rest.length; at += 2) fields.set(raw(rest[at]), rest[at + 1] ?? Buffer.alloc(0));
  context.keys.set(raw(key), { type: "hash", fields }, context.keys.ends(raw(key)));
  return fields.size - before;
}

function hdel(context: Context, words: readonly Buffer[]): Reply {
  const [, key, ...names] = words;
  const had = fieldsOf(context, words);
  if (had === undefined) return 0;
  const fields = new Map(had);
  const gone = names.filter((name) => fields.delete(raw(name))).length;
  context.keys.set(raw(key), { type: "hash", fields }, context.keys.ends(raw(key)));
  return gone;
}
