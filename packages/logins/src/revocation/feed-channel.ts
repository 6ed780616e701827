import { channel } from 'node:diagnostics_channel'
import type { FeedEvent } from './log/log-feed.ts'

/** What the feed of this node tells as it happens, for whoever watches the process: each message is a `FeedEvent`. */
export const feedChannel = channel('drawbridge:feed')

/** A listener that tells the channel first, and then whoever listens anyway. */
export function withFeedChannel(listener: (event: FeedEvent) => void): (event: FeedEvent) => void {
  return (event) => {
    // Without subscribers it costs nothing, and one that throws is reported by Node and stops nobody here.
    feedChannel.publish(event)
    listener(event)
  }
}
