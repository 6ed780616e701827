import { openCallChannels, traceCall } from '@drawbridge/options'
import type { LoginStore } from './login-store.ts'

/** The methods that are traced: those that read or write logins. */
export type StoreOperation =
  | 'insert'
  | 'find'
  | 'touch'
  | 'update'
  | 'rotate'
  | 'carry'
  | 'remove'
  | 'removeByUser'
  | 'renameUser'
  | 'listByUser'

/**
 * The store, with each question to it on the channels `tracing:drawbridge:store:*` of `node:diagnostics_channel`: when it is asked,
 * and when it has replied. `outcome` is that of a rotation or a carry, and whether `find` has found a login.
 */
export function traceStore(store: LoginStore): LoginStore {
  return {
    isShared: store.isShared,
    insert: (login, maxPerUser) => trace('insert', () => store.insert(login, maxPerUser)),
    find: (loginId) => trace('find', () => store.find(loginId), describeFound),
    touch: (touches) => trace('touch', () => store.touch(touches)),
    update: (loginId, change) => trace('update', () => store.update(loginId, change)),
    rotate: (loginId, input) => trace('rotate', () => store.rotate(loginId, input), kindOf),
    carry: (loginId, input) => trace('carry', () => store.carry(loginId, input), kindOf),
    remove: (loginId) => trace('remove', () => store.remove(loginId)),
    removeByUser: (userId, except) => trace('removeByUser', () => store.removeByUser(userId, except)),
    renameUser: (userId, username, forSeconds) =>
      trace('renameUser', () => store.renameUser(userId, username, forSeconds)),
    listByUser: (userId) => trace('listByUser', () => store.listByUser(userId)),
    ping: () => store.ping(),
    ...(store.adoptions && { adoptions: store.adoptions }),
    ...(store.announce && { announce: store.announce.bind(store) }),
    ...(store.close && { close: store.close.bind(store) })
  }
}

const channels = openCallChannels('drawbridge:store')

function trace<T>(
  operation: StoreOperation,
  work: () => Promise<T>,
  describe?: (result: T) => string | undefined
): Promise<T> {
  return traceCall(channels, operation, work, describe)
}

/** A store of the service's own may give anything. */
const describeFound = (login: unknown) => (login === null ? 'none' : 'found')
const kindOf = (outcome: { readonly kind: string }) => outcome.kind
