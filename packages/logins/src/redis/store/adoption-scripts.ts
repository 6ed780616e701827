import { INSERT_LOGIN, ROW_FUNCTIONS, WRITES, WRITES_WHEN_FULL } from './login-scripts.ts'

/*
 * The scripts of adoptions, as those of logins: each works on keys of one hash tag, and declares that it writes, so that no
 * replica says of a claim that it does not have that there is none.
 *
 * A claim, an adoption and a bar begin with the moment at which they expire. A claim then has the loginId, or `-` for none; a bar
 * the moment up to which it refuses; for an adoption and a phase see adoption-row.ts.
 *
 * A log-out must have an effect on a server whose memory is full: what belongs to one is allowed there. It adds at most some
 * hundred bytes for a credential that was verified, and nothing twice.
 */
const ADOPTION_FUNCTIONS = `
local function moment(ms)
  return string.format('%.0f', ms)
end
local function sibling(key, kind, id)
  return string.match(key, '^(.*}:)%a:.*$') .. kind .. ':' .. id
end
local function encodeAdoption(a)
  return table.concat({ a.led, a.since, a.returned, a.adopted, a.name }, '\\t')
end
local function loadAdoption(key, now)
  local a = {}
  a.led, a.since, a.returned, a.adopted, a.name =
    string.match(loadUntil(key, now) or '', '^(%a+)\\t(%d+)\\t([^\\t]+)\\t([^\\t]+)\\t(.*)$')
  return a.led and a or nil
end
local function saveAdoption(key, index, id, expires, a)
  local text = encodeAdoption(a)
  saveUntil(key, expires, text)
  redis.call('ZADD', index, expires, id)
  if redis.call('PEXPIRETIME', index) < tonumber(expires) then redis.call('PEXPIREAT', index, expires) end
  return text
end
`

/** As the function of this name. A time that is unknown, and a bar that is not there, is empty. */
const DECIDE_ADOPT = `
local function decideAdopt(claim, barredUpTo, allBarredUpTo, issuedAt)
  if claim then return 'claimed' end
  for _, bar in ipairs({ barredUpTo or '', allBarredUpTo }) do
    if bar ~= '' and (issuedAt == '' or tonumber(issuedAt) <= tonumber(bar)) then return 'barred' end
  end
  return 'adopt'
end
`

/**
 * KEYS row, index, claim, adoption, index of adoptions, bar. ARGV as of INSERT, then claimedUntil, issuedAt, the bar of all users,
 * ledBy, name. Returns the outcome; with the adoption, and what INSERT returns or the login that is there.
 */
const ADOPT = `${WRITES}${ROW_FUNCTIONS}${INSERT_LOGIN}${ADOPTION_FUNCTIONS}${DECIDE_ADOPT}
local now = clock(ARGV[1])
local claim = loadUntil(KEYS[3], now)
local decision = decideAdopt(claim, loadUntil(KEYS[6], now), ARGV[11], ARGV[10])
if decision == 'barred' then return { 'barred' } end
if decision == 'claimed' then
  local r = claim ~= '-' and load(rowKey(KEYS[2], claim), now)
  local a = r and loadAdoption(sibling(KEYS[2], 'a', claim), now)
  if not a then return { 'revoked' } end
  return { 'existing', encodeAdoption(a), claim, encode(r) }
end
if math.min(tonumber(ARGV[5]), tonumber(ARGV[9])) <= now then return { 'expired' } end
if redis.call('EXISTS', KEYS[1]) == 1 then return redis.error_reply('a login with this id already exists') end
local removed, name = unpack(insertLogin(now))
saveUntil(KEYS[3], ARGV[9], ARGV[2])
local a = { led = ARGV[12], since = moment(now), returned = '-', adopted = moment(now), name = ARGV[13] }
return { 'adopted', saveAdoption(KEYS[4], KEYS[5], ARGV[2], ARGV[4], a), removed, name }
`

/**
 * KEYS claim, row, adoption, index of adoptions; for no login, any key for the row. ARGV now, claimedUntil, loginId, ledBy, name.
 * Returns the claim that stands, or nil.
 */
const CLAIM = `${WRITES_WHEN_FULL}${ROW_FUNCTIONS}${ADOPTION_FUNCTIONS}
local now = clock(ARGV[1])
local owner = ARGV[3]
local r = nil
if owner ~= '-' then
  r = load(KEYS[2], now)
  if not r then return nil end
end
local claim = loadUntil(KEYS[1], now)
if not claim then
  claim = owner
  if tonumber(ARGV[2]) > now then saveUntil(KEYS[1], ARGV[2], owner) end
end
if r and claim == owner then
  local a = loadAdoption(KEYS[3], now) or { led = ARGV[4], since = moment(now), returned = '-', adopted = '-' }
  a.name = ARGV[5]
  saveAdoption(KEYS[3], KEYS[4], owner, r.expires, a)
end
return claim
`

/** KEYS claim, bar. ARGV now, issuedAt, the bar of all users. Returns what is known, and the claim. */
const FIND_CLAIM = `${WRITES_WHEN_FULL}${ROW_FUNCTIONS}${ADOPTION_FUNCTIONS}${DECIDE_ADOPT}
local now = clock(ARGV[1])
local claim = loadUntil(KEYS[1], now)
local decision = decideAdopt(claim, loadUntil(KEYS[2], now), ARGV[3], ARGV[2])
if decision == 'adopt' then return { 'unclaimed' } end
return { decision, claim }
`

/** KEYS row, adoption. ARGV now, `active` or `inactive`: what the login is to be. Returns the adoption, or nil. */
const FIND_ADOPTION = `${WRITES_WHEN_FULL}${ROW_FUNCTIONS}${ADOPTION_FUNCTIONS}
local now = clock(ARGV[1])
if (load(KEYS[1], now) ~= nil) ~= (ARGV[2] == 'active') then return nil end
local a = loadAdoption(KEYS[2], now)
return a and encodeAdoption(a)
`

/** The rules of `ledAdoption`. KEYS row, adoption. ARGV now, ledBy, name. Returns the adoption, or nil. */
const LEAD = `${WRITES_WHEN_FULL}${ROW_FUNCTIONS}${ADOPTION_FUNCTIONS}
local now = clock(ARGV[1])
local r = load(KEYS[1], now)
local a = r and loadAdoption(KEYS[2], now)
if not a then return nil end
a.name = ARGV[3]
if a.led ~= ARGV[2] then
  a.led, a.since = ARGV[2], moment(now)
  a.returned = a.led == 'old' and a.since or '-'
end
saveUntil(KEYS[2], r.expires, encodeAdoption(a))
return encodeAdoption(a)
`

/** KEYS index of adoptions. ARGV now. Returns id and adoption of the logins that are not active. */
const LIST_INACTIVE = `${WRITES_WHEN_FULL}${ROW_FUNCTIONS}${ADOPTION_FUNCTIONS}
local now = clock(ARGV[1])
local inactive = {}
for _, id in ipairs(redis.call('ZREVRANGE', KEYS[1], 0, -1)) do
  local a = loadAdoption(sibling(KEYS[1], 'a', id), now)
  if not a then
    redis.call('ZREM', KEYS[1], id)
  elseif not load(sibling(KEYS[1], 'l', id), now) then
    inactive[#inactive + 1] = { id, encodeAdoption(a) }
  end
end
return inactive
`

/** KEYS row, adoption. ARGV now. Its place in the index is given up when that is next read. */
const FORGET = `${WRITES_WHEN_FULL}${ROW_FUNCTIONS}
if not load(KEYS[1], clock(ARGV[1])) then redis.call('DEL', KEYS[2]) end
return 1
`

/** KEYS bar. ARGV now, issuedUpTo, until. */
const BAR = `${WRITES_WHEN_FULL}${ROW_FUNCTIONS}${ADOPTION_FUNCTIONS}
local now = clock(ARGV[1])
local issuedUpTo, ends = loadUntil(KEYS[1], now)
issuedUpTo = math.max(tonumber(ARGV[2]), tonumber(issuedUpTo or ARGV[2]))
ends = math.max(tonumber(ARGV[3]), tonumber(ends or ARGV[3]))
if ends > now then saveUntil(KEYS[1], moment(ends), moment(issuedUpTo)) end
return 1
`

/** KEYS bar. ARGV now. Returns the moment up to which it refuses, or nil. */
const FIND_BAR = `${WRITES_WHEN_FULL}${ROW_FUNCTIONS}${ADOPTION_FUNCTIONS}
return (loadUntil(KEYS[1], clock(ARGV[1])))
`

/** KEYS phase. Returns the text. */
const READ_PHASE = `${WRITES_WHEN_FULL}
return redis.call('GET', KEYS[1])
`

/**
 * The rules of `decideMove`. KEYS phase. ARGV now, from, to, by, minIntervalMs, lostVersion; what there is none of is empty.
 * Returns the outcome, how long the step is refused yet, and the row.
 */
const MOVE_PHASE = `${WRITES_WHEN_FULL}${ROW_FUNCTIONS}
local now = clock(ARGV[1])
local text = redis.call('GET', KEYS[1]) or ''
local phase, version, since = string.match(text, '^(%a+)\\t(%d+)\\t(%d+)\\t')
if text ~= '' and not phase then return redis.error_reply('the phase of this migration cannot be read') end
local order = { old = 1, both = 2, new = 3, retired = 4 }
local from, to, lost = ARGV[2], ARGV[3], ARGV[6]
local function decideMove()
  if from ~= (version or '') then return 'changed' end
  if not phase and lost ~= '' then return 'move' end
  if math.abs(order[phase or 'old'] - order[to]) ~= 1 then return 'not-neighbour' end
  if phase and now - tonumber(since) < tonumber(ARGV[5]) then return 'too-soon' end
  return 'move'
end
local decision = decideMove()
if decision == 'too-soon' then return { decision, tonumber(since) + tonumber(ARGV[5]) - now, text } end
if decision ~= 'move' then return { decision, 0, text } end
if from == '' then from = lost == '' and '0' or lost end
text = table.concat({ to, string.format('%.0f', tonumber(from) + 1), string.format('%.0f', now), ARGV[4] }, '\\t')
redis.call('SET', KEYS[1], text)
return { 'moved', 0, text }
`

/** KEYS counts. ARGV now, phase, then for each number `add` or `raise`, its name, the value. */
const ADD_COUNTS = `${WRITES}
for at = 3, #ARGV, 3 do
  local field, value = ARGV[2] .. ':' .. ARGV[at + 1], ARGV[at + 2]
  if ARGV[at] == 'add' then
    redis.call('HINCRBY', KEYS[1], field, value)
  elseif tonumber(redis.call('HGET', KEYS[1], field) or '-1') < tonumber(value) then
    redis.call('HSET', KEYS[1], field, value)
  end
end
return 1
`

/** KEYS counts. Returns names and values in turn. */
const READ_COUNTS = `${WRITES_WHEN_FULL}
return redis.call('HGETALL', KEYS[1])
`

/** KEYS any. ARGV now. Returns the time, of a primary only. */
const READ_CLOCK = `${WRITES_WHEN_FULL}${ROW_FUNCTIONS}
return clock(ARGV[1])
`

/** By the names that the store runs them by. */
export const ADOPTION_SCRIPTS = {
  adopt: { keys: 6, lua: ADOPT },
  claim: { keys: 4, lua: CLAIM },
  findClaim: { keys: 2, lua: FIND_CLAIM },
  findAdoption: { keys: 2, lua: FIND_ADOPTION },
  lead: { keys: 2, lua: LEAD },
  listInactive: { keys: 1, lua: LIST_INACTIVE },
  forget: { keys: 2, lua: FORGET },
  bar: { keys: 1, lua: BAR },
  findBar: { keys: 1, lua: FIND_BAR },
  readPhase: { keys: 1, lua: READ_PHASE },
  movePhase: { keys: 1, lua: MOVE_PHASE },
  addCounts: { keys: 1, lua: ADD_COUNTS },
  readCounts: { keys: 1, lua: READ_COUNTS },
  readClock: { keys: 1, lua: READ_CLOCK }
} as const
