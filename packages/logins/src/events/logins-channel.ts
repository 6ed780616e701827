import { channel } from 'node:diagnostics_channel'

/**
 * The diagnostics channel of this package, `drawbridge:logins`: each message is a frozen {@link LoginEvent} of this process.
 *
 * Subscribers are called where it happens, and cannot change the outcome. An error that a subscriber throws becomes an uncaught
 * exception, as `node:diagnostics_channel` defines it: it is a fault of the service that must not be hidden here.
 */
export const loginsChannel = channel('drawbridge:logins')
