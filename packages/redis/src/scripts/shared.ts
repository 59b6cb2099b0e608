import { MOST_CHUNK } from "../options.ts";

/**
 * What the scripts have in common. Under some digits lies one hash, the head. Its field `b`, `e` or `n` says of a blob,
 * an entry or a note: version, modified, size, when it may be forgotten (0: never), and the length of its pieces, or 0
 * when its bytes lie in the field `B`, `E` or `N` of the same hash. Pieces are the fields 0, 1, 2 … of a hash of their
 * own, the body, whose key ends in the version. What somebody else put there in another shape is nothing.
 */
export const SHARED: string = `
local function known(key, kind)
  if redis.call('TYPE', key).ok ~= 'hash' then return nil end
  local text = redis.call('HGET', key, kind) or ''
  local version, modified, size, ends, chunk = string.match(text, '^([0-9a-f]+) (%d+) (%d+) (%d+) (%d+)$')
  if not version or #version ~= 32 then return nil end
  -- No longer than the store reads them: it must not meet a head that it does not understand.
  if #modified > 16 or #size > 16 or #ends > 17 or #chunk > 8 then return nil end
  size, ends, chunk = tonumber(size), tonumber(ends), tonumber(chunk)
  if math.max(tonumber(modified), size, ends) > ${Number.MAX_SAFE_INTEGER} then return nil end
  if chunk > ${MOST_CHUNK} or (chunk == 0 and size > ${MOST_CHUNK}) then return nil end
  local it = {text = text, version = version, size = size, ends = ends, chunk = chunk}
  if chunk > 0 then
    it.body = key .. ':' .. version
    it.count = math.ceil(size / chunk)
  end
  return it
end

local function counted(key, kind, it)
  if not it.body then return redis.call('HSTRLEN', key, string.upper(kind)) == it.size end
  return redis.call('TYPE', it.body).ok == 'hash' and redis.call('HLEN', it.body) == it.count
end

-- Counted, and each piece has its length: what is whole can be read until it is dropped.
local function whole(key, kind, it)
  if not counted(key, kind, it) then return false end
  for at = 0, it.body and it.count - 1 or -1 do
    local length = math.min(it.chunk, it.size - at * it.chunk)
    if redis.call('HSTRLEN', it.body, string.format('%.0f', at)) ~= length then return false end
  end
  return true
end
`;

/** What was put and may be forgotten is forgotten by the server: all under the same digits at once, and the last decides. */
export const SETTLE: string = `
local function settle(key)
  local keys, last = {key}, 0
  for _, kind in ipairs({'b', 'e', 'n'}) do
    local it = known(key, kind)
    if it and it.body then keys[#keys + 1] = it.body end
    if it then last = math.max(last, it.ends == 0 and math.huge or it.ends) end
  end
  for _, each in ipairs(keys) do
    if last == math.huge then redis.call('PERSIST', each)
    elseif last > 0 then redis.call('PEXPIREAT', each, string.format('%.0f', last)) end
  end
end
`;
