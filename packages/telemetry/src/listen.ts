import { subscribe, unsubscribe } from 'node:diagnostics_channel'

/** Ends what was started. */
export type Stop = () => void

/**
 * Subscribes to a channel of this process, by its name: a package that a service does not use is not loaded for it.
 *
 * @typeParam Message what the channel is documented to have.
 */
export function listen<Message>(channel: string, listener: (message: Message) => void): Stop {
  const onMessage = (message: unknown): void => listener(message as Message)
  subscribe(channel, onMessage)
  return () => void unsubscribe(channel, onMessage)
}
