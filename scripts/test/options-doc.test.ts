// The option tables of the READMEs have exactly the options of the sources, with their defaults.
import { readFileSync } from 'node:fs'
import t from 'tap'
import { readConfig, variableNames } from '../../apps/demo/src/config.ts'
import type { CarrierLogins } from '../../packages/logins/src/carrier.ts'
import { createLogins, createMemoryFeed, createMemoryLoginStore } from '../../packages/logins/src/index.ts'
import { parseAccountOptions } from '../../packages/account/src/options.ts'
import { parseBridgeOptions } from '../../packages/bridge/src/options.ts'
import { parseExpressSessionOptions } from '../../packages/bridge/src/migration/sources/express-session/options.ts'
import { parseFlaskSessionOptions } from '../../packages/bridge/src/migration/sources/flask/options.ts'
import { parseJwtOptions } from '../../packages/bridge/src/migration/sources/jwt/options.ts'
import { parseKeyAuthOptions } from '../../packages/key-auth/src/options.ts'
import { parseSessionAuthOptions } from '../../packages/session-auth/src/options.ts'
import { parseBackChannelLogoutOptions } from '../../packages/back-channel-logout/src/options.ts'
import { parseVerifierOptions } from '../../packages/verifier/src/options.ts'
import { parseTelemetryOptions } from '../../packages/telemetry/src/options.ts'
import { generateSigningKey } from '../../packages/token-auth/src/index.ts'
import { parseTokenAuthOptions } from '../../packages/token-auth/src/options.ts'
import { findCode, findRows } from '../markdown.ts'

const read = (file: string) => readFileSync(file, 'utf8')
const logins = createLogins({ store: createMemoryLoginStore() }) as CarrierLogins
const credentials = { verify: async () => ({ ok: false, reason: 'malformed' }) as const }
const secret = 'a root secret for tests, 0123456789'

const documented = [
  {
    readme: 'packages/session-auth/README.md',
    heading: 'Options',
    source: 'packages/session-auth/src/options.ts',
    name: 'SessionAuthOptions',
    defaults: { ...parseSessionAuthOptions({ credentials, logins, secret }) }
  },
  {
    readme: 'packages/token-auth/README.md',
    heading: 'Options',
    source: 'packages/token-auth/src/options.ts',
    name: 'TokenAuthOptions',
    defaults: { ...parseTokenAuthOptions({ credentials, logins, keys: [generateSigningKey()] }) }
  },
  {
    readme: 'packages/key-auth/README.md',
    heading: 'Options',
    source: 'packages/key-auth/src/options.ts',
    name: 'KeyAuthOptions',
    defaults: { ...parseKeyAuthOptions({ logins, secret }) }
  },
  {
    readme: 'packages/verifier/README.md',
    heading: 'Options',
    source: 'packages/verifier/src/options.ts',
    name: 'VerifierOptions',
    defaults: {
      ...parseVerifierOptions({ issuer: 'a', audience: 'b', keys: [], feed: createMemoryFeed() })
    }
  },
  {
    readme: 'packages/back-channel-logout/README.md',
    heading: 'Options',
    source: 'packages/back-channel-logout/src/options.ts',
    name: 'BackChannelLogoutOptions',
    defaults: {
      ...parseBackChannelLogoutOptions({
        logins,
        providers: [{ issuer: 'a', clientId: 'b', keys: { keys: [] }, userOf: () => null }]
      }),
      sessions: undefined
    }
  },
  {
    readme: 'packages/back-channel-logout/README.md',
    heading: 'A provider',
    source: 'packages/back-channel-logout/src/options.ts',
    name: 'ProviderOptions',
    defaults: {}
  },
  {
    readme: 'packages/bridge/README.md',
    heading: 'Options',
    source: 'packages/bridge/src/options.ts',
    name: 'BridgeOptions',
    defaults: { ...parseBridgeOptions(undefined) }
  },
  {
    readme: 'docs/guides/forward-auth.md',
    heading: 'Options of `forwardAuth`',
    source: 'packages/carrier/src/forward-auth/options.ts',
    name: 'ForwardAuthOptions',
    defaults: {}
  },
  {
    readme: 'packages/account/README.md',
    heading: 'Options',
    source: 'packages/account/src/options.ts',
    name: 'AccountOptions',
    defaults: { ...parseAccountOptions(undefined) }
  },
  {
    readme: 'packages/bridge/README.md',
    heading: 'Options of `expressSession`',
    source: 'packages/bridge/src/migration/sources/express-session/options.ts',
    name: 'ExpressSessionOptions',
    defaults: { ...parseExpressSessionOptions({ secret, store: { get() {}, destroy() {} } }) }
  },
  {
    readme: 'packages/bridge/README.md',
    heading: 'Options of `flaskSession`',
    source: 'packages/bridge/src/migration/sources/flask/options.ts',
    name: 'FlaskSessionOptions',
    defaults: { ...parseFlaskSessionOptions({ secret }) }
  },
  {
    readme: 'packages/bridge/README.md',
    heading: 'Options of `jwt`',
    source: 'packages/bridge/src/migration/sources/jwt/options.ts',
    name: 'JwtOptions',
    defaults: { ...parseJwtOptions({ algorithm: 'HS256', secret }) }
  },
  {
    readme: 'packages/telemetry/README.md',
    heading: 'Options',
    source: 'packages/telemetry/src/options.ts',
    name: 'TelemetryOptions',
    defaults: { ...parseTelemetryOptions({ logins }) }
  },
  {
    readme: 'packages/logins/README.md',
    heading: 'Options of `createLogins`',
    source: 'packages/logins/src/create-logins.ts',
    name: 'LoginsOptions',
    defaults: { retentionSeconds: logins.retentionSeconds }
  }
] as const

/** The members of an interface, from its source. */
function parseMembers(source: string, name: string): readonly string[] {
  const [, body = ''] = new RegExp(`interface ${name}(?:<[^\n]*>)? \\{\\n(.*?)\\n\\}`, 's').exec(source) ?? []
  return [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, member]) => member as string)
}

for (const { readme, heading, source, name, defaults } of documented) {
  t.test(`L21: the table of ${readme} has exactly the options of the source`, async (t) => {
    const rows = findRows(read(readme), heading)
    const named = rows.flatMap(([first = '']) => findCode(first)).map((option) => option.split('.')[0])
    t.same(new Set(named), new Set(parseMembers(read(source), name)))
    for (const [first = '', value = ''] of rows) {
      const option = findCode(first)[0] ?? ''
      const number = Number(value.replaceAll(' ', ''))
      const actual = (defaults as Readonly<Record<string, unknown>>)[option]
      if (value !== '' && Number.isFinite(number) && actual !== undefined) t.equal(number, actual, option)
    }
  })
}

t.test('L21: the README of the demo has exactly its variables, with their defaults', async (t) => {
  const rows = findRows(read('apps/demo/README.md'), 'Environment')
  const named = rows.flatMap((row) => row.flatMap(findCode)).filter((code) => /^[A-Z][A-Z_]+$/.test(code))
  t.same(new Set(named), variableNames)
  const config: Readonly<Record<string, unknown>> = { ...readConfig({}) }
  for (const [first = '', value = ''] of rows) {
    for (const [at, variable] of findCode(first).entries()) {
      const key = variable.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
      const number = Number(value.split(',')[at]?.replaceAll(' ', ''))
      if (Number.isFinite(number) && key in config) t.equal(number, config[key], variable)
    }
  }
})
