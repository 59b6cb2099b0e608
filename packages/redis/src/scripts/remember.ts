import { Script } from "./script.ts";

/** KEYS: a scope. ARGV: sequence, and what is remembered of it. Answers what is remembered now. */
export const REMEMBER: Script = new Script(`
local old = redis.call('GET', KEYS[1])
if old then
  local sequence = string.match(old, '^(%d+) %x+$')
  if not sequence or tonumber(sequence) >= tonumber(ARGV[1]) then return old end
end
redis.call('SET', KEYS[1], ARGV[2])
return ARGV[2]
`);
