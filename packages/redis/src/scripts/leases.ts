import { Script } from "./script.ts";

/** KEYS: a lease. ARGV: token, milliseconds. Answers '1' to its holder. Sent twice it is taken once. */
export const TAKE: Script = new Script(`
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return '0' end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return '1'
`);

/** KEYS: a lease. ARGV: token, milliseconds. Answers '1' to its holder. */
export const RENEW: Script = new Script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return '0' end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return '1'
`);

/** KEYS: a lease. ARGV: token. What is another's stays. */
export const RELEASE: Script = new Script(`
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return '1'
`);
