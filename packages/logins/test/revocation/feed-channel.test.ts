import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import t from 'tap'
import { publishHeard, withFeedChannel } from '../../src/revocation/feed-channel.ts'
import type { FeedEvent } from '../../src/revocation/log/feed-event.ts'

t.test('an event of the feed goes to its listener and to the channel drawbridge:feed', async (t) => {
  const received: FeedEvent[] = []
  const onChannel: unknown[] = []
  const listen = (message: unknown) => onChannel.push(message)
  const emit = withFeedChannel((event) => received.push(event))

  emit({ type: 'stale' })
  subscribe('drawbridge:feed', listen)
  emit({ type: 'reset', log: 0, reason: 'epoch' })
  unsubscribe('drawbridge:feed', listen)
  emit({ type: 'fresh' })

  t.same(received, [{ type: 'stale' }, { type: 'reset', log: 0, reason: 'epoch' }, { type: 'fresh' }])
  t.same(onChannel, [{ type: 'reset', log: 0, reason: 'epoch' }])
})

t.test('what is heard goes to the channel alone, and is not computed where nobody listens', async (t) => {
  const onChannel: unknown[] = []
  const listen = (message: unknown) => onChannel.push(message)
  const heard = { type: 'heard', log: 0, kind: 'revoked', lagMs: 3 } as const
  publishHeard(() => t.fail('nobody listens') as never)
  subscribe('drawbridge:feed', listen)
  publishHeard(() => heard)
  unsubscribe('drawbridge:feed', listen)
  t.same(onChannel, [heard])
})
