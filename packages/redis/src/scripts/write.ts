import { Script } from "./script.ts";
import { SETTLE, SHARED } from "./shared.ts";

/** KEYS: a body, or what is to be one. ARGV: which piece, its bytes, how long the pieces wait to be made a value. */
export const STAGE: Script = new Script(`
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return '1'
`);

/**
 * KEYS: a head; for a value in pieces its body; and the key they wait under, if that is another.
 * ARGV: kind, version, size, '1' for the first writer wins, grace; keep until (0: for ever), the same counted from now,
 * margin; how long stays aside what is no hash and in the way; length of pieces, or 0 and the bytes.
 * Answers '1' for written, '0' for taken, and 'lost' when pieces are missing.
 *
 * The first change is the one that needs memory: a server that has none refuses it, and nothing was changed. A client
 * that lost the answer sends the same again: a version that is there already was written.
 */
export const PUT: Script = new Script(`${SHARED}${SETTLE}
local key, kind, version, size, chunk = KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[10]
local old = known(key, kind)
if old and old.version == version then return '1' end
if ARGV[4] == '1' and old and whole(key, kind, old) then return '0' end
local waiting = KEYS[3] or KEYS[2]
if waiting and redis.call('HLEN', waiting) ~= math.ceil(tonumber(size) / tonumber(chunk)) then return 'lost' end

local time = redis.call('TIME')
local now = time[1] * 1000.0 + math.floor(time[2] / 1000)
local ends = tonumber(ARGV[6])
if ends > 0 then ends = math.max(ends, now, now + tonumber(ARGV[7])) + tonumber(ARGV[8]) end
if not string.find('hash none', redis.call('TYPE', key).ok) then
  redis.call('RENAME', key, key .. ':quarantine')
  redis.call('PEXPIRE', key .. ':quarantine', ARGV[9])
end
local text = string.format('%s %.0f %s %.0f %s', version, now, size, ends, chunk)
if waiting then
  redis.call('HSET', key, kind, text)
  redis.call('HDEL', key, string.upper(kind))
  if KEYS[3] then redis.call('RENAME', KEYS[3], KEYS[2]) end
else
  redis.call('HSET', key, kind, text, string.upper(kind), ARGV[11])
end
if old and old.body then redis.call('PEXPIRE', old.body, ARGV[5]) end
settle(key)
return '1'
`);

/**
 * KEYS: a head; where to set the value aside, if it is to be. ARGV: kind, version or '', grace, how long it stays aside.
 * A server without memory for what is set aside drops it: gone for readers it has to be.
 */
export const DELETE: Script = new Script(`${SHARED}${SETTLE}
local key, kind, field = KEYS[1], ARGV[1], string.upper(ARGV[1])
local it, stays = known(key, kind), ARGV[3]
if ARGV[2] ~= '' and not (it and it.version == ARGV[2]) then return '0' end
if KEYS[2] and it then
  local bytes = redis.call('HGET', key, field)
  local fields = bytes and {kind, it.text, field, bytes} or {kind, it.text}
  if type(redis.pcall('HSET', KEYS[2], unpack(fields))) ~= 'table' then
    redis.call('PEXPIRE', KEYS[2], ARGV[4])
    stays = ARGV[4]
  end
end
if redis.call('TYPE', key).ok == 'hash' then redis.call('HDEL', key, kind, field) end
if it and it.body then redis.call('PEXPIRE', it.body, stays) end
settle(key)
return '1'
`);
