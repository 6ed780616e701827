import type { CarrierAdoptions, NewAdoptedLogin } from '../../src/adoption/carrier-adoptions.ts'
import type { LoginsOptions } from '../../src/create-logins.ts'
import { loginIdFrom } from '../../src/login/login.ts'
import type { AdoptedLogin, AdoptInput } from '../../src/stores/adoption-store.ts'
import { sha256 } from '../../src/testing/store-case.ts'
import { newLoginInput, setUp as setUpLogins } from '../logins-under-test.ts'

/** A node whose migration is called `express`. */
export function setUp(options: Partial<LoginsOptions> = {}) {
  const node = setUpLogins(options)
  const adoptions = node.logins.adoptions as CarrierAdoptions
  let keys = 0
  const oldCredential = (changes: Partial<AdoptInput> = {}): AdoptInput => ({
    migration: 'express',
    key: `key ${keys++}`,
    ledBy: 'old',
    issuedAt: node.clock.now() - 5000,
    claimedUntil: node.clock.now() + 86_400_000,
    ...changes
  })
  const input = (old: AdoptInput, changes: Partial<NewAdoptedLogin> = {}): NewAdoptedLogin => {
    const login = newLoginInput()
    return {
      ...login,
      id: loginIdFrom(login.user.id, Buffer.from(sha256(old.key), 'base64url')),
      authenticatedAt: node.clock.now() - 5000,
      expiresAt: node.clock.now() + 3_600_000,
      ...changes
    }
  }
  const adopt = async (changes: Partial<NewAdoptedLogin> = {}, old = oldCredential()) => {
    const result = await adoptions.adopt(input(old, changes), old)
    if (result.kind !== 'adopted') throw new Error(`not adopted, but ${result.kind}`)
    return { ...result, old }
  }
  /** Another system that revokes what is reported; it can be down. */
  const otherSystem = { isDown: false, revoked: [] as string[] }
  const listen = () =>
    adoptions.onRevoked(async (revoked: readonly AdoptedLogin[]) => {
      if (otherSystem.isDown) throw new Error('the other system is down')
      otherSystem.revoked.push(...revoked.map(({ adoption }) => adoption.key))
    })
  return { ...node, adoptions, oldCredential, input, adopt, otherSystem, listen }
}

export const UNAVAILABLE = { code: 'DRAWBRIDGE_LOGINS_UNAVAILABLE', statusCode: 503 }
