/*
 * Each method of the store is one script, so that it is atomic for everything else that works on the record,
 * on any node. A script works on keys of one hash tag only. Redis provides the clock, except where a test
 * passes one.
 *
 * `load` returns the fields of an active row; a row that has expired, or that nobody here can have written,
 * counts as missing. `save` writes a row with the TTL that its limits leave. Only rows that `load` returned
 * are saved, so that no script brings a removed row back. `loadUntil` and `saveUntil` are for what begins with the moment at which it
 * expires.
 *
 * Each script declares that it writes, though it may find nothing to write. A replica, and a replaced primary
 * whose connections stay open is one, then rejects it, and never says of a login that it does not have that
 * the login is gone.
 */
export const WRITES = '#!lua'

/**
 * Allowed on a server whose memory is full: it rewrites an existing row, or removes one. If it were rejected,
 * a log-out would have no effect, and active users would be logged out by the idle limit.
 */
export const WRITES_WHEN_FULL = '#!lua flags=allow-oom'

export const ROW_FUNCTIONS = `
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
  r.seen, r.expires, r.idle, r.secret, r.secretExpires, r.family, r.generation, r.hash, r.previous, r.sealed, r.rotated, r.again, r.rest =
    string.match(text, '^(%d+)\\t(%d+)\\t(%d+)\\t([^\\t]+)\\t([^\\t]+)\\t([^\\t]+)\\t([^\\t]+)\\t([^\\t]+)\\t([^\\t]+)\\t([^\\t]+)\\t([^\\t]+)\\t([^\\t\\n]+)(\\n.*)$')
  if not r.seen or endsAt(r) <= now then return nil end
  return r
end
local function encode(r)
  local refresh = { r.family, r.generation, r.hash, r.previous, r.sealed, r.rotated }
  return table.concat({ r.seen, r.expires, r.idle, r.secret, r.secretExpires, unpack(refresh) }, '\\t') .. '\\t' .. r.again .. r.rest
end
local function save(key, r)
  local text = encode(r)
  redis.call('SET', key, text, 'PXAT', string.format('%.0f', endsAt(r)))
  return text
end
local function use(r, now)
  r.seen = string.format('%.0f', math.max(now, tonumber(r.seen)))
end
local function rowKey(indexKey, loginId)
  return string.match(indexKey, '^(.*}:)u:.*$') .. 'l:' .. loginId
end
local function loadUntil(key, now)
  local ends, rest = string.match(redis.call('GET', key) or '', '^(%d+)\\t(.*)$')
  if not ends or tonumber(ends) <= now then return nil end
  return rest, ends
end
local function saveUntil(key, ends, rest)
  redis.call('SET', key, ends .. '\\t' .. rest, 'PXAT', ends)
end
local function loadActive(indexKey, now)
  local ids = redis.call('ZREVRANGE', indexKey, 0, -1)
  local active = {}
  for _, id in ipairs(ids) do
    local r = load(rowKey(indexKey, id), now)
    if r then active[#active + 1] = { id, r } else redis.call('ZREM', indexKey, id) end
  end
  return active
end
local function kindOf(r)
  if string.find(r.rest, '^\\n[^\\n]*%]%]\\n') then return 'key' end
  return r.secret == '-' and r.generation == '-' and 'pending' or 'sign-in'
end
`

/** As `decideRotation`, also of a login without a refresh token. */
const DECIDE_ROTATION = `
local function decideRotation(r, now, family, generation, hash, graceMs)
  if r.family == '-' or r.family ~= family then return 'unknown' end
  local presented, newest = tonumber(generation), tonumber(r.generation)
  if presented > newest or (presented == newest and hash == r.hash) then return 'rotate' end
  local inWindow = math.max(0, now - tonumber(r.rotated)) < tonumber(graceMs)
  if presented == newest - 1 and hash == r.previous and inWindow then return 'repeat' end
  return 'reuse'
end
`

/**
 * The name that a user was given is JSON text under a key beside the index. `renamed` replaces it in a row, whose second line begins
 * with a version, the id of the user and the name: in a JSON text only a backslash hides a quotation mark.
 */
const NAME_FUNCTIONS = `
local function nameKey(indexKey)
  return (string.gsub(indexKey, '}:u:', '}:n:', 1))
end
local function textEnd(text, at)
  local from = at + 1
  while true do
    local found = string.find(text, '["\\\\]', from)
    if not found or string.sub(text, found, found) == '"' then return found end
    from = found + 2
  end
end
local function renamed(row, name)
  local userAt = string.match(row, '\\n%[%d+,()"')
  local userEnd = userAt and textEnd(row, userAt)
  local nameEnd = userEnd and string.sub(row, userEnd + 1, userEnd + 2) == ',"' and textEnd(row, userEnd + 2)
  if not nameEnd then return row end
  return string.sub(row, 1, userEnd + 1) .. name .. string.sub(row, nameEnd + 1)
end
`

/** Writes a login and makes room for it. KEYS row, index. ARGV as of INSERT. As INSERT. */
export const INSERT_LOGIN = `${NAME_FUNCTIONS}
local function insertLogin(now)
  local active = loadActive(KEYS[2], now)
  local removed = {}
  local limit = math.max(tonumber(ARGV[6]), 1)
  local sameKind = 0
  for _, login in ipairs(#active < limit and {} or active) do
    if kindOf(login[2]) == ARGV[7] then
      sameKind = sameKind + 1
      if sameKind >= limit then
        if ARGV[7] == 'key' then return nil end
        redis.call('DEL', rowKey(KEYS[2], login[1]))
        redis.call('ZREM', KEYS[2], login[1])
        removed[#removed + 1] = login[1]
      end
    end
  end
  local name = loadUntil(nameKey(KEYS[2]), now)
  redis.call('SET', KEYS[1], name and renamed(ARGV[8], name) or ARGV[8], 'PXAT', ARGV[5])
  -- Of two logins made in the same millisecond the later one is the newer.
  local score = tonumber(ARGV[3])
  local tied = redis.call('ZREVRANGEBYSCORE', KEYS[2], '(' .. string.format('%.0f', score + 1), ARGV[3], 'WITHSCORES', 'LIMIT', 0, 1)
  if tied[2] then score = tonumber(tied[2]) + 0.001 end
  redis.call('ZADD', KEYS[2], string.format('%.3f', score), ARGV[2])
  local indexExpiresAt = redis.call('PEXPIRETIME', KEYS[2])
  if indexExpiresAt < tonumber(ARGV[4]) then redis.call('PEXPIREAT', KEYS[2], ARGV[4]) end
  return { removed, name or '' }
end
`

/**
 * KEYS row, index. ARGV now, loginId, createdAt, expiresAt, endsAt, maxPerUser, kind, row. Returns the ids that were removed to make
 * room, and the name that replaced the one of the row, empty for none; nil where a key is one too many, and nothing was written.
 */
export const INSERT = `${WRITES}${ROW_FUNCTIONS}${INSERT_LOGIN}
local now = clock(ARGV[1])
if redis.call('EXISTS', KEYS[1]) == 1 then return redis.error_reply('a login with this id already exists') end
if tonumber(ARGV[5]) <= now then return redis.error_reply('this login would already be expired: the clock of the node is behind') end
return insertLogin(now)
`

/** KEYS rows. ARGV now, seenAt of each. Returns for each 1 where the login is active, and 0 otherwise. */
export const TOUCH = `${WRITES_WHEN_FULL}${ROW_FUNCTIONS}
local now = clock(ARGV[1])
local active = {}
for at, key in ipairs(KEYS) do
  local r = load(key, now)
  active[at] = r and 1 or 0
  if r and tonumber(ARGV[at + 1]) > tonumber(r.seen) then
    r.seen = ARGV[at + 1]
    save(key, r)
  end
end
return active
`

/**
 * The rules of `changedLogin`. KEYS row. ARGV now, data, authenticatedAt, secretHash and the one that it replaces, family, hash and
 * the family that they replace, whether the credential that is not replaced is removed; each empty for no change. Returns the row, or nil where it is not changed.
 */
export const UPDATE = `${WRITES}${ROW_FUNCTIONS}
local now = clock(ARGV[1])
local r = load(KEYS[1], now)
if not r then return nil end
if ARGV[4] ~= '' then
  local isValid = r.secret ~= '-' and (r.secretExpires == '-' or tonumber(r.secretExpires) > now)
  if not isValid or (r.secret ~= ARGV[4] and r.secret ~= ARGV[5]) then return nil end
  r.secret = ARGV[4]
end
if ARGV[6] ~= '' then
  if r.family == ARGV[6] then
    if r.generation ~= '0' or r.hash ~= ARGV[7] then return nil end
  elseif r.family == ARGV[8] then
    r.family, r.generation, r.hash, r.previous, r.sealed = ARGV[6], '0', ARGV[7], '-', '-'
    r.rotated = string.format('%.0f', now)
  else
    return nil
  end
end
if ARGV[9] ~= '' and ARGV[4] ~= '' and ARGV[6] == '' then
  r.family, r.generation, r.hash, r.previous, r.sealed, r.rotated = '-', '-', '-', '-', '-', '-'
elseif ARGV[9] ~= '' and ARGV[4] == '' and ARGV[6] ~= '' then
  r.secret, r.secretExpires = '-', '-'
end
if ARGV[3] ~= '' then
  if r.again == '-' or tonumber(r.again) < tonumber(ARGV[3]) then r.again = ARGV[3] end
  use(r, now)
end
if ARGV[2] ~= '' then r.rest = string.match(r.rest, '^(\\n[^\\n]*\\n)') .. ARGV[2] end
return save(KEYS[1], r)
`

/**
 * The rules of `decideRotation`. KEYS row. ARGV now, family, generation, hash, nextHash, nextSealed, graceMs.
 * Returns the outcome and the row.
 */
export const ROTATE = `${WRITES_WHEN_FULL}${ROW_FUNCTIONS}${DECIDE_ROTATION}
local now = clock(ARGV[1])
local r = load(KEYS[1], now)
local decision = r and decideRotation(r, now, ARGV[2], ARGV[3], ARGV[4], ARGV[7]) or 'unknown'
if decision == 'unknown' then return { 'unknown' } end
if decision == 'repeat' then return { 'repeated', encode(r) } end
if decision == 'rotate' then
  r.generation = string.format('%.0f', tonumber(ARGV[3]) + 1)
  r.hash, r.previous, r.sealed = ARGV[5], ARGV[4], ARGV[6]
  r.rotated = string.format('%.0f', now)
  use(r, now)
  return { 'rotated', save(KEYS[1], r) }
end
redis.call('DEL', KEYS[1])
return { 'reused', encode(r) }
`

/**
 * The rules of `decideCarry`. KEYS row. ARGV now, then `session`, secretHash, secretExpiresAt, and of the presented
 * refresh token family, generation, hash, graceMs; or `refresh`, family, hash, and the presented secretHash. Returns
 * the outcome and the row.
 *
 * Allowed on a server whose memory is full, as a rotation is: a replaced refresh token must remove its login there too.
 * What it may add is at most two hundred bytes, once for each login, and no new login is accepted there.
 */
export const CARRY = `${WRITES_WHEN_FULL}${ROW_FUNCTIONS}${DECIDE_ROTATION}
local now = clock(ARGV[1])
local r = load(KEYS[1], now)
if not r then return { 'unknown' } end
local isSecretValid = r.secret ~= '-' and (r.secretExpires == '-' or tonumber(r.secretExpires) > now)
local add = {}
function add.session()
  local decision = decideRotation(r, now, ARGV[5], ARGV[6], ARGV[7], ARGV[8])
  if decision == 'unknown' or decision == 'reuse' then return decision end
  if isSecretValid then return 'keep' end
  r.secret, r.secretExpires = ARGV[3], ARGV[4]
  return 'add'
end
function add.refresh()
  if not isSecretValid or r.secret ~= ARGV[5] then return 'unknown' end
  if r.family ~= '-' then return 'keep' end
  r.family, r.generation, r.hash, r.previous, r.sealed = ARGV[3], '0', ARGV[4], '-', '-'
  r.rotated = string.format('%.0f', now)
  return 'add'
end
local decision = add[ARGV[2]]()
if decision == 'unknown' then return { 'unknown' } end
if decision == 'keep' then return { 'kept', encode(r) } end
if decision == 'add' then
  use(r, now)
  return { 'added', save(KEYS[1], r) }
end
redis.call('DEL', KEYS[1])
return { 'reused', encode(r) }
`

/** KEYS row. ARGV now. Returns the row, or nil where the login was not active. */
export const REMOVE = `${WRITES_WHEN_FULL}${ROW_FUNCTIONS}
local r = load(KEYS[1], clock(ARGV[1]))
redis.call('DEL', KEYS[1])
return r and encode(r)
`

/** KEYS index. ARGV now, except. Returns the ids that were removed. */
export const REMOVE_BY_USER = `${WRITES_WHEN_FULL}${ROW_FUNCTIONS}
local removed = {}
for _, login in ipairs(loadActive(KEYS[1], clock(ARGV[1]))) do
  local id = login[1]
  if id ~= ARGV[2] then
    redis.call('DEL', rowKey(KEYS[1], id))
    redis.call('ZREM', KEYS[1], id)
    removed[#removed + 1] = id
  end
end
return removed
`

/** KEYS index. ARGV now, name as JSON text, until when it is given to new logins too. Allowed on a full server, as a touch is. */
export const RENAME_USER = `${WRITES_WHEN_FULL}${ROW_FUNCTIONS}${NAME_FUNCTIONS}
local now = clock(ARGV[1])
saveUntil(nameKey(KEYS[1]), string.format('%.0f', now + tonumber(ARGV[3])), ARGV[2])
for _, login in ipairs(loadActive(KEYS[1], now)) do
  local id, r = unpack(login)
  r.rest = renamed(r.rest, ARGV[2])
  save(rowKey(KEYS[1], id), r)
end
return 1
`

/** KEYS index. ARGV now. Returns id and row of the active logins, the newest first. */
export const LIST_BY_USER = `${WRITES_WHEN_FULL}${ROW_FUNCTIONS}
local rows = {}
for _, login in ipairs(loadActive(KEYS[1], clock(ARGV[1]))) do rows[#rows + 1] = { login[1], encode(login[2]) } end
return rows
`

/**
 * KEYS row. Returns the row and what the server says of itself, atomically. For a row that seems missing: a
 * replica may just not have it.
 */
export const FIND_ON_PRIMARY = `#!lua flags=no-writes
return { redis.call('GET', KEYS[1]), redis.call('INFO', 'replication') }
`

/**
 * KEYS topic. ARGV now, text, ttlSeconds. Returns the texts that have not expired. A sorted set: each text
 * with its expiry.
 */
export const ANNOUNCE = `${WRITES}${ROW_FUNCTIONS}
local now = clock(ARGV[1])
for _, text in ipairs(redis.call('ZREVRANGEBYSCORE', KEYS[1], string.format('%.0f', now), '-inf')) do
  redis.call('ZREM', KEYS[1], text)
end
redis.call('ZADD', KEYS[1], string.format('%.0f', now + tonumber(ARGV[3]) * 1000), ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return redis.call('ZREVRANGE', KEYS[1], 0, -1)
`

/**
 * KEYS any. Writes nothing, and is rejected where an insert would be: by a replica, by a full server, by one
 * that cannot save.
 */
export const CAN_WRITE = `${WRITES}
return 1
`
