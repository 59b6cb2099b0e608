import { Script } from "./script.ts";
import { SHARED } from "./shared.ts";

/**
 * KEYS: a head. ARGV: kind, most bytes wanted.
 * Answers nothing; or what is known; or that and the bytes, when they are in the head and not too many.
 */
export const READ: Script = new Script(`${SHARED}
local kind = ARGV[1]
local it = known(KEYS[1], kind)
if not it or not whole(KEYS[1], kind, it) then return false end
if it.body or it.size > tonumber(ARGV[2]) then return {it.text} end
return {it.text, redis.call('HGET', KEYS[1], string.upper(kind))}
`);

/** KEYS: a body. ARGV: which piece, its length. Answers nothing when there is no piece of that length. */
export const PIECE: Script = new Script(`
if redis.call('HSTRLEN', KEYS[1], ARGV[1]) ~= tonumber(ARGV[2]) then return false end
return redis.call('HGET', KEYS[1], ARGV[1])
`);

/**
 * KEYS: heads, or what looks like one. ARGV: kind. Answers what is known of each, and an empty text for the others. The
 * pieces are counted and not measured: many long values at once would stop the server for too long.
 */
export const DESCRIBE: Script = new Script(`${SHARED}
local rows = {}
for at, key in ipairs(KEYS) do
  local it = known(key, ARGV[1])
  rows[at] = it and counted(key, ARGV[1], it) and it.text or ''
end
return rows
`);
