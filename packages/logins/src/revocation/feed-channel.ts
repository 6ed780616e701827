import { channel } from 'node:diagnostics_channel'
import type { EntryHeardEvent, FeedEvent } from './log/feed-event.ts'

/**
 * A `diagnostics_channel` named `drawbridge:feed`. Each message is a {@link FeedEvent} or an {@link EntryHeardEvent} of the feeds of
 * this process.
 */
export const feedChannel = channel('drawbridge:feed')

/** A listener that publishes each event on {@link feedChannel} and then calls `listener`. */
export function withFeedChannel(listener: (event: FeedEvent) => void): (event: FeedEvent) => void {
  return (event) => {
    // Without subscribers this costs nothing. Node reports a subscriber that throws, and the others still
    // run.
    feedChannel.publish(event)
    listener(event)
  }
}

/** Publishes what was heard, which is not even computed where nobody listens. */
export function publishHeard(createEvent: () => EntryHeardEvent): void {
  if (feedChannel.hasSubscribers) feedChannel.publish(createEvent())
}
