import { now } from "../data/clock.ts";
import { ofType } from "../data/values.ts";
import { OK, Refusal, type Reply } from "../protocol/reply.ts";
import { type Commands, type Context, raw } from "./command.ts";
import { integer } from "./numbers.ts";

/** Commands about strings, and the one about lists that makes a key of another type. */
export const stringCommands: Commands = {
  GET: { arity: 2, run: ({ keys }, words) => ofType(keys.get(raw(words[1])), "string")?.bytes ?? null },
  STRLEN: { arity: 2, run: ({ keys }, words) => ofType(keys.get(raw(words[1])), "string")?.bytes.length ?? 0 },
  SET: { arity: -3, writes: true, grows: true, run: set },
  RPUSH: {
    arity: -3,
    writes: true,
    grows: true,
    run({ keys }, [, key, ...items]) {
      const list = ofType(keys.get(raw(key)), "list") ?? { type: "list", items: [] };
      keys.set(raw(key), { type: "list", items: [...list.items, ...items] }, keys.ends(raw(key)));
      return list.items.length + items.length;
    },
  },
};

function set({ keys }: Context, [, key, bytes = Buffer.alloc(0), ...options]: readonly Buffer[]): Reply {
  let ends: number | undefined;
  let needs: string | undefined;
  for (let at = 0; at < options.length; at++) {
    const option = raw(options[at]).toUpperCase();
    if (option === "PX") ends = now() + positive(options[++at]);
    else if (option === "NX" || option === "XX") needs = option;
    else throw new Refusal("ERR syntax error");
  }
  const isThere = keys.get(raw(key)) !== undefined;
  if ((needs === "NX" && isThere) || (needs === "XX" && !isThere)) return null;
  keys.set(raw(key), { type: "string", bytes }, ends);
  return OK;
}

function positive(word: Buffer | undefined): number {
  const number = integer(word);
  if (number <= 0) throw new Refusal("ERR invalid expire time in 'set' command");
  return number;
}
