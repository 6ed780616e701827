import { safeListener } from '@drawbridge/options'
import type { LoginEvent, NewLoginEvent } from './login-event.ts'
import { loginsChannel } from './logins-channel.ts'

/** Publishes an event, which is not even created where nobody listens. Never throws. */
export type PublishEvent = (create: () => NewLoginEvent) => void

/** Options of {@link createPublishEvent}. */
export interface LoginEventsOptions {
  readonly onEvent?: ((event: LoginEvent) => unknown) | undefined
  readonly nodeName?: string | undefined
  /** ms since the epoch. */
  readonly now: () => number
}

/** How the events of one instance of logins are published: to its own listener, and on the channel of the process. */
export function createPublishEvent({ onEvent, nodeName, now }: LoginEventsOptions): PublishEvent {
  const listener = onEvent && safeListener(onEvent)
  return (create) => {
    if (listener === undefined && !loginsChannel.hasSubscribers) return
    const event = Object.freeze({ ...create(), node: nodeName ?? null, at: Math.floor(now()) }) as LoginEvent
    listener?.(event)
    loginsChannel.publish(event)
  }
}
