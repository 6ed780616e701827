import { OptionError } from '@drawbridge/options'
import type { FastifyInstance } from 'fastify'
import type { Logins } from '@drawbridge/logins'
import type { CredentialsVerifier } from './sign-in.ts'

/** One registration of a plugin. */
export interface PluginInstance {
  readonly plugin: 'sessionAuth' | 'tokenAuth'
  readonly logins: Logins
  readonly credentials: CredentialsVerifier
  /** Distinguishes its credentials from those of every other instance of the plugin; part of the labels of its keys. */
  readonly identity: string
  /** The options that the identity is made of, such as `cookie.name`. */
  readonly identityOptions: readonly string[]
}

/** The instances of each application, by an object that all its scopes share. */
const instancesByApp = new WeakMap<object, PluginInstance[]>()

/**
 * Registers an instance, and checks it against the others of its application: a credential of one must be invalid at
 * another, and the users of two stores must not share one index of logins, which has only their ids. Two applications of
 * one process may be two listeners of one service, and are not compared.
 *
 * @throws OptionError
 */
export function claimInstance(app: FastifyInstance, instance: PluginInstance): void {
  const others = instancesByApp.get(app.initialConfig) ?? []
  for (const other of others) {
    requireUniqueIdentity(instance, other)
    requireSameCredentials(instance, other)
  }
  instancesByApp.set(app.initialConfig, [...others, instance])
}

function requireUniqueIdentity(
  { plugin, identity, identityOptions }: PluginInstance,
  other: PluginInstance
): void {
  if (plugin !== other.plugin || identity !== other.identity) return
  const options = identityOptions.map((name) => `${plugin}.${name}`).join(' or ')
  throw new OptionError(
    `${options} must differ from that of every other ${plugin} of this application, got ${identity} twice: ` +
      'what one of them issues would be valid at the other'
  )
}

function requireSameCredentials(
  { plugin, logins, credentials }: PluginInstance,
  other: PluginInstance
): void {
  if (logins !== other.logins || credentials === other.credentials) return
  throw new OptionError(
    `${plugin}.credentials must be the same object as that of the other plugins with these logins: a login names its ` +
      'user by id alone. For other users make a second createLogins, over a store with a prefix of its own'
  )
}
