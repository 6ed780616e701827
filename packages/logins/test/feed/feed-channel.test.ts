import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import t from 'tap'
import { alsoOnChannel } from '../../src/feed/feed-channel.ts'
import type { FeedEvent } from '../../src/feed/log/log-feed.ts'

t.test('what the feed tells is told to its listener and on the channel drawbridge:feed', async (t) => {
  const told: FeedEvent[] = []
  const onChannel: unknown[] = []
  const listen = (message: unknown) => onChannel.push(message)
  const tell = alsoOnChannel((event) => told.push(event))

  tell({ type: 'stale' })
  subscribe('drawbridge:feed', listen)
  tell({ type: 'flip', log: 0, reason: 'epoch' })
  unsubscribe('drawbridge:feed', listen)
  tell({ type: 'fresh' })

  t.same(told, [{ type: 'stale' }, { type: 'flip', log: 0, reason: 'epoch' }, { type: 'fresh' }])
  t.same(onChannel, [{ type: 'flip', log: 0, reason: 'epoch' }])
})
