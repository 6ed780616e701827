import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { OldLogins } from '@drawbridge/bridge/old-logins'
import type { AdoptionStore, Login, LoginStore } from '@drawbridge/logins'
import { loginIdFrom } from '@drawbridge/logins/carrier'
import type { FastifyInstance } from 'fastify'

/** One rule of the move broken each, by what is between it and its stores: the oracle must see it. */
export const MUTANTS = [
  'naive',
  'deletes the old credential',
  'leads at issue',
  'no grace',
  'a missing cookie ends',
  'no ledger',
  'looks, then inserts',
  'no claim beside',
  'old instances left running'
] as const
export type Mutant = (typeof MUTANTS)[number]

/** @param given keys that the other system was given by us. */
export function mutateOld(mutant: Mutant | undefined, old: OldLogins, given: Set<string>): OldLogins {
  const give = old.give?.bind(old)
  return {
    ...old,
    ...(mutant === 'a missing cookie ends' && {
      read: async (request) => {
        const presented = await old.read(request)
        return presented.kind === 'none' ? { kind: 'empty' as const } : presented
      }
    }),
    ...(give !== undefined && {
      give: async (reply, login, key) => {
        const made = await give(reply, login, key)
        given.add(made)
        return made
      }
    })
  }
}

/** Once both cookies are there, that of the other system is taken away. */
export function mutateResponses(mutant: Mutant | undefined, app: FastifyInstance): void {
  if (mutant !== 'deletes the old credential') return
  app.addHook('onSend', async (request, reply) => {
    const { cookie = '' } = request.headers
    const name = /(?:^|; )(connect\.sid|session)=/.exec(cookie)?.[1]
    const isHandedOver = request.url === '/me' && reply.statusCode === 200 && cookie.includes('drawbridge=')
    if (name !== undefined && isHandedOver) reply.header('set-cookie', `${name}=; Path=/; Max-Age=0`)
  })
}

/** @param given keys that the other system was given by us. */
export function mutateStore<Store extends LoginStore>(
  mutant: Mutant | undefined,
  store: Store,
  given: ReadonlySet<string>
): Store {
  const { adoptions } = store
  if (adoptions === undefined || mutant === undefined) return store
  const changes = changesOf(mutant, store, adoptions, given)
  const mutated = new Proxy(adoptions, {
    get: (target, name) => bound({ ...changes }, name) ?? bound(target, name)
  })
  return new Proxy(store, { get: (target, name) => (name === 'adoptions' ? mutated : bound(target, name)) })
}

function bound(target: object, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name)
  return typeof value === 'function' ? value.bind(target) : value
}

function changesOf(
  mutant: Mutant,
  store: LoginStore,
  adoptions: AdoptionStore,
  given: ReadonlySet<string>
): Partial<AdoptionStore> {
  switch (mutant) {
    case 'leads at issue':
      return {
        claim: async (userId, input) => {
          const claim = await adoptions.claim(userId, input)
          if (input.owner !== null && given.has(input.key))
            await adoptions.lead(input.owner.loginId, { ...input, ledBy: 'old' })
          return claim
        }
      }
    case 'no grace':
      return {
        find: async (loginId) => {
          const adoption = await adoptions.find(loginId)
          return adoption && { ...adoption, returnedAt: null }
        }
      }
    case 'no ledger':
      return {
        adopt: async (login, input, maxPerUser) => {
          const outcome = await adoptions.adopt(login, input, maxPerUser)
          if (outcome.kind !== 'revoked') return outcome
          return adoptions.adopt(anotherLogin(login), { ...input, key: anotherKey(input.key) }, maxPerUser)
        }
      }
    case 'looks, then inserts':
      return {
        adopt: async (login, input, maxPerUser) => {
          const found = await adoptions.findClaim(login.userId, input, input.issuedAt)
          if (found.kind !== 'unclaimed') return adoptions.adopt(login, input, maxPerUser)
          await sleep(100)
          const key = anotherKey(input.key)
          const outcome = await adoptions.adopt(anotherLogin(login), { ...input, key }, maxPerUser)
          if (outcome.kind === 'adopted')
            await adoptions.claim(login.userId, {
              ...input,
              owner: { loginId: outcome.login.id, ledBy: input.ledBy }
            })
          return outcome
        }
      }
    case 'no claim beside':
      return {
        claim: async (userId, input) => {
          const login = input.owner && !given.has(input.key) && (await store.find(input.owner.loginId))
          if (!login) return adoptions.claim(userId, input)
          const adopt = { ...input, ledBy: 'old' as const, issuedAt: Date.now() }
          const outcome = await adoptions.adopt(anotherLogin(login), adopt, MAX_LOGINS_PER_USER)
          if (outcome.kind === 'adopted' || outcome.kind === 'existing') return { loginId: outcome.login.id }
          return adoptions.claim(userId, input)
        }
      }
    default:
      return {}
  }
}

const MAX_LOGINS_PER_USER = 100
const anotherKey = (key: string) => `${key} ${randomBytes(9).toString('base64url')}`

const anotherLogin = <L extends Login>(login: L): L => ({
  ...login,
  id: loginIdFrom(login.userId, randomBytes(17)),
  refresh: null
})
