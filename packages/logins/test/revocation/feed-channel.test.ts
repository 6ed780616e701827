import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import t from 'tap'
import { withFeedChannel } from '../../src/revocation/feed-channel.ts'
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
