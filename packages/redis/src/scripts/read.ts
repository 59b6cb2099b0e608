import { Script } from "./script.ts";
import { SHARED } from "./shared.ts";

/**
 * KEYS: a head. ARGV: kind, most bytes wanted.
 * Answers nothing; or what is known; or that and the bytes, when they are in the head and not too many.
 */
export const READ: Script = new Script(`${SHARED}
local kind = ARGV[1]
local it = known(KEYS[1], kind)
if not it then return false end
if not it.version then return {it.text} end
if not whole(KEYS[1], kind, it) then
  if it.body then return false end
  return {'?'}
end
if it.body or it.size > tonumber(ARGV[2]) then return {it.text} end
return {it.text, redis.call('HGET', KEYS[1], string.upper(kind))}
`);

/** KEYS: a body. ARGV: which piece, its length. Answers nothing when there is no piece of that length. */
export const PIECE: Script = new Script(`
if redis.call('HSTRLEN', KEYS[1], ARGV[1]) ~= tonumber(ARGV[2]) then return false end
return redis.call('HGET', KEYS[1], ARGV[1])
`);

/** KEYS: heads, or what looks like one. ARGV: kind. Answers what is known of each, and an empty text for the others. */
export const DESCRIBE: Script = new Script(`${SHARED}
local rows = {}
for at, key in ipairs(KEYS) do
  rows[at] = ''
  if redis.call('TYPE', key).ok == 'hash' then
    local it = known(key, ARGV[1])
    if it and it.version and whole(key, ARGV[1], it) then rows[at] = it.text end
  end
end
return rows
`);
