import { START } from '../../revocation/log/log.ts'

/**
 * KEYS stream, epoch. ARGV cursor, count. One script, so that everything that is compared was true at the
 * same moment. No transaction: a server whose memory is full queues none, but it runs a script that does not
 * write.
 */
export const AUDIT = `#!lua flags=no-writes
local epoch_fields = redis.call('HMGET', KEYS[2], 'id', 't0', 'by')
local found = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])
local read = redis.call('XREAD', 'COUNT', ARGV[2], 'STREAMS', KEYS[1], ARGV[1])
local info = redis.pcall('XINFO', 'STREAM', KEYS[1])
if info.err then
  if not string.find(info.err, 'no such key', 1, true) then return info end
info = false
end
return { epoch_fields, found, read, info, redis.call('INFO', 'server', 'replication') }
`

/**
 * KEYS stream, epoch. ARGV candidate epoch, incarnation, retention ms, kind, values. The server stamps the
 * epoch: a log that was wiped, evicted or deleted starts again under another name, which every reader of the
 * old one detects. So does a log whose server restarted or was replaced, since its last entries may be lost;
 * the other logs continue.
 *
 * Allowed on a server whose memory is full: an entry is small, and the revocation that it publishes has freed
 * memory.
 */
export const APPEND = `#!lua flags=allow-oom
local epoch, by = unpack(redis.call('HMGET', KEYS[2], 'id', 'by'))
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local isGenesis = ARGV[4] == 'genesis'
local id = '${START}'
if not epoch or redis.call('EXISTS', KEYS[1]) == 0 or (isGenesis and by ~= ARGV[2]) then
  epoch = ARGV[1]
  redis.call('HSET', KEYS[2], 'id', epoch, 't0', string.format('%.0f', now), 'by', ARGV[2])
  id = redis.call('XADD', KEYS[1], '*', 'e', epoch, 'k', 'genesis', 'v', '')
end
if not isGenesis then
  local oldest = string.format('%.0f', now - tonumber(ARGV[3]))
  id = redis.call('XADD', KEYS[1], 'MINID', '~', oldest, '*', 'e', epoch, 'k', ARGV[4], 'v', ARGV[5])
end
return { id, epoch }
`
