// Past advisories of packages of this field, and their lessons. A list, since a registry may be unreachable and does
// not have the reasons; `pnpm audit` covers the rest.
import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { satisfiesMinimum, parseLockfile } from '../locked-versions.ts'

type Advisory = readonly [name: string, fixedIn: string, id: string, lesson: string]

/** In use: a package that leaves the lockfile must leave this list. */
const USED: readonly Advisory[] = [
  ['fast-jwt', '3.3.2', 'GHSA-c2ff-88x2-x9pg', 'a public key in any text form is no HMAC secret (J05)'],
  ['fast-jwt', '5.0.6', 'GHSA-gm45-q3v2-6cf8', 'an array that contains our issuer is not our issuer (J45)'],
  [
    'fast-jwt',
    '6.2.0',
    'GHSA-mvf2-f6gm-w987',
    'nor with spaces before it: keys are read as JWK, never guessed (J05)'
  ],
  ['fast-jwt', '6.2.0', 'GHSA-hm7r-c7qw-ghp6', 'an unknown critical header is rejected (J30)'],
  ['fast-jwt', '6.2.0', 'GHSA-rp9m-7r4c-75qg', 'a cache is keyed by the whole credential'],
  [
    'fast-jwt',
    '6.2.1',
    'GHSA-cjw9-ghj4-fwxf',
    'options are strings, never patterns that are matched with a token'
  ],
  ['fast-jwt', '6.2.1', 'GHSA-3j8v-cgw4-2g6q', 'a stateful pattern rejects every second valid token'],
  ['fast-jwt', '6.2.3', 'nearform/fast-jwt#606', 'one token has one spelling (J60, J62)'],
  [
    'fast-jwt',
    '6.2.4',
    'GHSA-gmvf-9v4p-v8jc',
    'for an unknown key id there is no key, not an empty one (J20)'
  ],
  ['fast-jwt', '6.3.0', 'GHSA-ww5h-9m49-7xx4', 'a list of bad prefixes is never complete (J05)'],
  ['fast-jwt', '6.3.0', 'GHSA-g3jj-5cmm-3hxx', 'the text of a key set is no HMAC secret (J06)'],
  [
    'fast-jwt',
    '6.3.0',
    'GHSA-687g-22h4-j4w4',
    'an infinite tolerance disables expiry: options are finite and bounded'
  ],
  ['fast-jwt', '6.3.0', 'nearform/fast-jwt#638', 'claims are an object, or there are none to check (J37)'],
  ['fast-jwt', '6.3.1', 'GHSA-8wpc-h4q6-8fxv', 'a missing secret stops the boot'],
  ['fast-jwt', '6.3.6', 'cache past exp', 'caching must not delay expiry; its cache stays off'],
  ['@fastify/session', '10.9.0', 'GHSA-pj27-2xvp-4qxg', 'reading a session does not extend it (S07)'],
  ['fastify', '5.3.2', 'CVE-2025-32442', 'an unusual content type does not bypass the schema (B10)'],
  ['fastify', '5.7.2', 'GHSA-jx2c-rxcm-jvmq', 'nor one with a tab in it (B10)'],
  ['fastify', '5.8.3', 'CVE-2026-3635', 'X-Forwarded headers count from a trusted proxy only (K20, C18)'],
  ['cookie', '0.7.0', 'GHSA-pxg6-pf52-xh8x', 'a cookie name that could add attributes is an error at boot'],
  ['ioredis', '6.0.0', 'redis/ioredis#2151', 'a reply of a server is not a property name']
]

/** Not in use: where one is added, it must be a fixed version. */
const PEERS: readonly Advisory[] = [
  [
    '@fastify/csrf-protection',
    '6.3.0',
    'GHSA-qrgf-9gpc-vrxw',
    'an anti-forgery token is bound to its session'
  ],
  ['@fastify/express', '4.0.5', 'CVE-2026-33808', 'a guard belongs to a route, not to a spelling of a path'],
  ['@fastify/middie', '9.2.0', 'CVE-2026-2880', 'the same'],
  ['@fastify/passport', '2.3.0', 'GHSA-4m3m-ppvx-xgw9', 'a sign-in sets a new cookie value (S01)'],
  [
    '@fastify/passport',
    '2.3.0',
    'GHSA-2ccf-ffrj-m4qw',
    'and nothing from before the sign-in is trusted after it'
  ],
  [
    '@fastify/secure-session',
    '7.3.0',
    'GHSA-9wwp-q7wq-jx35',
    'a cookie that only the client deletes is still valid (S02)'
  ],
  ['bcrypt', '5.0.0', 'CVE-2020-7689', 'a password counts to its last byte (P01, P02)'],
  ['better-auth', '1.4.9', 'GHSA-xg6x-h9c9-2m83', 'a pending second factor is not a sign-in'],
  ['better-auth', '1.4.17', 'GHSA-p6v2-xcpg-h6xw', 'the addresses of a /64 are one client (T08)'],
  ['better-auth', '1.6.11', 'GHSA-cq3f-vc6p-68fh', 'a code is bound to the user who requested it'],
  ['cookie-signature', '1.0.4', 'CVE-2016-1000236', 'signatures are compared in constant time'],
  ['express-jwt', '6.0.0', 'CVE-2020-15084', 'the token never chooses the algorithm'],
  ['express-session', '1.18.2', 'GHSA-76c9-3jph-rj3q', 'headers are effective in every form of writeHead'],
  ['hono', '4.11.4', 'GHSA-f67f-6cw9-8mq4', 'a key without an algorithm is rejected'],
  ['jsonwebtoken', '9.0.0', 'CVE-2022-23540', 'no default lets an unsigned token pass (J01)'],
  ['jws', '4.0.1', 'GHSA-869p-cjfg-cm3x', 'a key that was looked up is still used to verify'],
  ['next-auth', '4.24.5', 'CVE-2023-48309', 'a token of one purpose is not valid for another (J79)'],
  ['node-jose', '0.11.0', 'CVE-2018-0114', 'a key in the token itself is never trusted (J22)'],
  ['on-headers', '1.1.0', 'CVE-2025-7339', 'headers are effective in every form of writeHead'],
  ['passport', '0.6.0', 'GHSA-v923-w3x8-wh69', 'a sign-in and a log-out set a new cookie value (S01, S02)']
]

/** Where our own code makes an older version harmless too: from which version, and the test that shows it. */
const GUARDED: Readonly<
  Record<string, { readonly since: string; readonly test: string; readonly title: RegExp }>
> = {
  'redis/ioredis#2151': {
    since: '5.4.1',
    test: 'packages/logins/test/redis/cluster-client.test.ts',
    title: /F23 an invalid redirect is an error and writes nowhere/
  }
}

const leastOf = (id: string, fixedIn: string) => GUARDED[id]?.since ?? fixedIn

const locked = parseLockfile(readFileSync('pnpm-lock.yaml', 'utf8'))

for (const [name, fixedIn, id, lesson] of [...USED, ...PEERS]) {
  t.test(`${name} is fixed for ${id}: ${lesson}`, async (t) => {
    const versions = locked.get(name) ?? []
    t.same(
      versions.filter((version) => !satisfiesMinimum(version, leastOf(id, fixedIn))),
      [],
      `none below ${leastOf(id, fixedIn)}`
    )
  })
}

for (const [id, { test, title }] of Object.entries(GUARDED)) {
  t.test(`older versions are guarded against ${id}`, async (t) => t.match(readFileSync(test, 'utf8'), title))
}

t.test('the whole lockfile is parsed, and has every package listed as in use', async (t) => {
  const direct = /^importers:\n([\s\S]*?)(?=^\S)/m.exec(readFileSync('pnpm-lock.yaml', 'utf8'))?.[1] ?? ''
  const names = [...direct.matchAll(/^ {6}'?(@?[^\s':]+)'?:$/gm)].map(([, name]) => name as string)
  t.ok(names.length > 30, `${names.length} direct dependencies`)
  const aliases = new Set(['typescript', '@typescript/native', 'ioredis-5'])
  for (const name of new Set(names)) {
    if (!name.startsWith('@drawbridge/') && !aliases.has(name)) t.ok(locked.has(name), name)
  }
  for (const [name] of USED) t.ok(locked.has(name), `${name} is in use`)
})

t.test('no package of ours accepts a version with an advisory', async (t) => {
  let checked = 0
  for (const folder of readdirSync('packages')) {
    const manifest = JSON.parse(readFileSync(`packages/${folder}/package.json`, 'utf8')) as Record<
      string,
      object
    >
    const ranges = { ...manifest.dependencies, ...manifest.peerDependencies } as Record<string, string>
    for (const [name, fixedIn, id] of USED) {
      const range = ranges[name]
      if (range === undefined) continue
      checked += 1
      t.match(range, /^(\^|~|>=)\d+\.\d+\.\d+$/)
      t.ok(satisfiesMinimum(range.replace(/^\D+/, ''), leastOf(id, fixedIn)), `${folder}: ${name} ${range}`)
    }
  }
  t.ok(checked >= 5, `${checked} ranges`)
})

t.test('versions are compared number by number', async (t) => {
  for (const [version, least, holds] of [
    ['6.3.6', '6.3.6', true],
    ['6.10.0', '6.3.6', true],
    ['10.0.0', '9.9.9', true],
    ['6.3.5', '6.3.6', false],
    ['5.99.99', '6.0.0', false],
    ['6.0.0-rc.1', '6.0.0', false],
    ['6.0.1-rc.1', '6.0.0', true]
  ] as const) {
    t.equal(satisfiesMinimum(version, least), holds, `${version} and ${least}`)
  }
})
