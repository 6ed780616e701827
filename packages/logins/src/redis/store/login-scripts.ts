/*
 * Each verb of the store is one script, so that it is one step for whoever else is at the record, on any node. They
 * work on keys of one hash tag only. Redis keeps the clock, except where a test hands one in.
 *
 * `load` gives the parts of a living row; one that has ended by the clock, or that nobody here can have written, is as
 * if it were not there. `save` writes a row with the TTL that its limits leave; only rows that `load` gave are saved,
 * which is how no script brings one back.
 *
 * Each says to Redis that it writes, though it may find nothing to write: a replica, as a primary is that was replaced and
 * whose connections stay, then refuses it, and never says of a login that it does not know of that it has ended.
 */
const WRITES = '#!lua'

/**
 * On a server whose memory is full too: it writes a row anew that was there, or ends one. Refused, a log-out would not
 * hold, and who is logged in would be logged out by the idle limit.
 */
const WRITES_WHEN_FULL = '#!lua flags=allow-oom'

const ROW_FUNCTIONS = `
local function clock(given)
  if given ~= '' then return tonumber(given) end
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end
local function endsAt(r)
  local expires = tonumber(r.expires)
  if r.idle == '0' then return expires end
  return math.min(expires, tonumber(r.seen) + tonumber(r.idle) * 1000)
end
local function load(key, now)
  local text = redis.pcall('GET', key)
  if type(text) ~= 'string' then return nil end
  local r = {}
  r.seen, r.expires, r.idle, r.family, r.generation, r.hash, r.previous, r.sealed, r.rotated, r.rest =
    string.match(text, '^(%d+)\\t(%d+)\\t(%d+)\\t([^\\t]+)\\t([^\\t]+)\\t([^\\t]+)\\t([^\\t]+)\\t([^\\t]+)\\t([^\\t\\n]+)(\\n.*)$')
  if not r.seen or endsAt(r) <= now then return nil end
  return r
end
local function textOf(r)
  return table.concat({ r.seen, r.expires, r.idle, r.family, r.generation, r.hash, r.previous, r.sealed, r.rotated }, '\\t') .. r.rest
end
local function save(key, r)
  local text = textOf(r)
  redis.call('SET', key, text, 'PXAT', string.format('%.0f', endsAt(r)))
  return text
end
local function rowKey(indexKey, loginId)
  return string.match(indexKey, '^(.*}:)u:.*$') .. 'l:' .. loginId
end
local function alive(indexKey, now)
  local ids = redis.call('ZREVRANGE', indexKey, 0, -1)
  local living = {}
  for _, id in ipairs(ids) do
    local r = load(rowKey(indexKey, id), now)
    if r then living[#living + 1] = { id, r } else redis.call('ZREM', indexKey, id) end
  end
  return living
end
`

/**
 * As `isPending`: no refresh handle in the first line, and 0 for that of the session in the second. Asked only where
 * there are too many.
 */
const IS_PENDING_FUNCTION = `
local function isPending(r)
  if r.generation ~= '-' then return false end
  local isJson, fixed = pcall(cjson.decode, string.match(r.rest, '^\\n([^\\n]*)'))
  return isJson and type(fixed) == 'table' and fixed[8] == 0
end
`

/**
 * KEYS row, index. ARGV now, loginId, createdAt, expiresAt, endsAt, maxPerUser, pending, row. Gives the ids ended to make
 * room.
 */
export const INSERT = `${WRITES}${ROW_FUNCTIONS}${IS_PENDING_FUNCTION}
local now = clock(ARGV[1])
if redis.call('EXISTS', KEYS[1]) == 1 then return redis.error_reply('a login of this id is there already') end
if tonumber(ARGV[5]) <= now then return redis.error_reply('this login has ended before it began: the clock of the node is behind') end
local living = alive(KEYS[2], now)
local ended = {}
local most = math.max(tonumber(ARGV[6]), 1)
local alike = 0
for _, login in ipairs(#living < most and {} or living) do
  if isPending(login[2]) == (ARGV[7] == '1') then
    alike = alike + 1
    if alike >= most then
      redis.call('DEL', rowKey(KEYS[2], login[1]))
      redis.call('ZREM', KEYS[2], login[1])
      ended[#ended + 1] = login[1]
    end
  end
end
redis.call('SET', KEYS[1], ARGV[8], 'PXAT', ARGV[5])
-- Of two made in one millisecond the later one is the newer.
local score = tonumber(ARGV[3])
local tied = redis.call('ZREVRANGEBYSCORE', KEYS[2], '(' .. string.format('%.0f', score + 1), ARGV[3], 'WITHSCORES', 'LIMIT', 0, 1)
if tied[2] then score = tonumber(tied[2]) + 0.001 end
redis.call('ZADD', KEYS[2], string.format('%.3f', score), ARGV[2])
local until_ = redis.call('PEXPIRETIME', KEYS[2])
if until_ < tonumber(ARGV[4]) then redis.call('PEXPIREAT', KEYS[2], ARGV[4]) end
return ended
`

/** KEYS row. ARGV now, seenAt. 1 where it is alive. */
export const TOUCH = `${WRITES_WHEN_FULL}${ROW_FUNCTIONS}
local r = load(KEYS[1], clock(ARGV[1]))
if not r then return 0 end
if tonumber(ARGV[2]) > tonumber(r.seen) then
  r.seen = ARGV[2]
  save(KEYS[1], r)
end
return 1
`

/** KEYS row. ARGV now, data. Gives the row, or nil where none is alive. */
export const UPDATE = `${WRITES}${ROW_FUNCTIONS}
local r = load(KEYS[1], clock(ARGV[1]))
if not r then return nil end
r.rest = string.match(r.rest, '^(\\n[^\\n]*\\n)') .. ARGV[2]
return save(KEYS[1], r)
`

/**
 * The rules of \`decideRotation\`. KEYS row. ARGV now, family, generation, hash, nextHash, nextSealed, graceMs. Gives what it
 * came to, and the row.
 */
export const ROTATE = `${WRITES_WHEN_FULL}${ROW_FUNCTIONS}
local now = clock(ARGV[1])
local r = load(KEYS[1], now)
if not r or r.family == '-' or r.family ~= ARGV[2] then return { 'unknown' } end
local shown, newest = tonumber(ARGV[3]), tonumber(r.generation)
if shown > newest or (shown == newest and ARGV[4] == r.hash) then
  r.generation = string.format('%.0f', shown + 1)
  r.hash, r.previous, r.sealed = ARGV[5], ARGV[4], ARGV[6]
  r.rotated = string.format('%.0f', now)
  r.seen = string.format('%.0f', math.max(now, tonumber(r.seen)))
  return { 'rotated', save(KEYS[1], r) }
end
if shown == newest - 1 and ARGV[4] == r.previous and now - tonumber(r.rotated) < tonumber(ARGV[7]) then
  return { 'repeated', textOf(r) }
end
redis.call('DEL', KEYS[1])
return { 'reused', textOf(r) }
`

/** KEYS row. ARGV now. 1 where it was alive. */
export const REMOVE = `${WRITES_WHEN_FULL}${ROW_FUNCTIONS}
local r = load(KEYS[1], clock(ARGV[1]))
redis.call('DEL', KEYS[1])
return r and 1 or 0
`

/** KEYS index. ARGV now, except. Gives the ids of those it ended. */
export const REMOVE_BY_USER = `${WRITES_WHEN_FULL}${ROW_FUNCTIONS}
local ended = {}
for _, login in ipairs(alive(KEYS[1], clock(ARGV[1]))) do
  local id = login[1]
  if id ~= ARGV[2] then
    redis.call('DEL', rowKey(KEYS[1], id))
    redis.call('ZREM', KEYS[1], id)
    ended[#ended + 1] = id
  end
end
return ended
`

/** KEYS index. ARGV now. Gives id and row of the living, the newest first. */
export const LIST_BY_USER = `${WRITES_WHEN_FULL}${ROW_FUNCTIONS}
local rows = {}
for _, login in ipairs(alive(KEYS[1], clock(ARGV[1]))) do rows[#rows + 1] = { login[1], textOf(login[2]) } end
return rows
`

/**
 * KEYS row. The row, and what the server says of itself, in one step. For a row that is not there: of a replica that would say
 * nothing.
 */
export const FIND_ON_PRIMARY = `#!lua flags=no-writes
return { redis.call('GET', KEYS[1]), redis.call('INFO', 'replication') }
`

/** KEYS topic. ARGV now, text, ttlSeconds. Gives the texts that have not expired. A sorted set: each text with its end. */
export const ANNOUNCE = `${WRITES}${ROW_FUNCTIONS}
local now = clock(ARGV[1])
for _, text in ipairs(redis.call('ZREVRANGEBYSCORE', KEYS[1], string.format('%.0f', now), '-inf')) do
  redis.call('ZREM', KEYS[1], text)
end
redis.call('ZADD', KEYS[1], string.format('%.0f', now + tonumber(ARGV[3]) * 1000), ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return redis.call('ZREVRANGE', KEYS[1], 0, -1)
`

/** KEYS any. Writes nothing, and is refused where a log-in would be: by a replica, a full server, one that cannot save. */
export const CAN_WRITE = `${WRITES}
return 1
`
