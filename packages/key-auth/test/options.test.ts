import { createLogins, createMemoryLoginStore } from '@drawbridge/logins'
import Fastify from 'fastify'
import t from 'tap'
import { parseKeyAuthOptions } from '../src/options.ts'
import { keyAuth, type KeyAuthOptions } from '../src/index.ts'
import { SECRET } from './make-app.ts'

const logins = createLogins({ store: createMemoryLoginStore() })

t.test('the defaults are those of the README', (t) => {
  const options = parseKeyAuthOptions({ logins, secret: SECRET })
  t.equal(options.maxLifetimeSeconds, 366 * 86_400)
  t.same(options.secret, [SECRET])
  t.equal(options.logins, logins)
  t.ok(Object.isFrozen(options))
  t.end()
})

const wrong: ReadonlyArray<readonly [object, RegExp]> = [
  [{ secret: undefined }, /keyAuth\.secret/],
  [{ secret: 'short' }, /keyAuth\.secret .*value omitted/],
  [{ logins: {} }, /keyAuth\.logins must be the logins that createLogins makes/],
  [
    { maxLifetimeSeconds: 59 },
    /keyAuth\.maxLifetimeSeconds must be a whole number from 60 to 315360000, got 59/
  ],
  [{ maxLifetimeSeconds: 315_360_001 }, /maxLifetimeSeconds/],
  [{ lifetime: 5 }, /keyAuth\.lifetime/]
]

for (const [changes, message] of wrong) {
  t.test(`boot fails for ${JSON.stringify(changes)}`, async (t) => {
    const options = { logins, secret: SECRET, ...changes } as KeyAuthOptions
    await t.rejects(async () => Fastify().register(keyAuth, options).ready(), {
      code: 'DRAWBRIDGE_OPTION',
      message
    })
  })
}
