import { type CredentialsEvent, credentialsChannel } from '@drawbridge/credentials'

/** Publishes an event of an account beside those of the credentials; it is not even created when there are no subscribers. */
export function publish(event: () => CredentialsEvent): void {
  if (credentialsChannel.hasSubscribers) credentialsChannel.publish(Object.freeze(event()))
}
