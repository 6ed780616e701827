import { createHmac, randomBytes } from 'node:crypto'
import { deriveKeys, newLoginId } from '@drawbridge/logins/carrier'
import t, { type Test } from 'tap'
import type { CreatedKey } from '../../src/index.ts'
import { checksum } from '../../src/keys/checksum.ts'
import { hashSecret, KeyFormat, newSecret } from '../../src/keys/key-format.ts'
import { codeOf, makeApp, otherCharacter, SECRET } from '../make-app.ts'

type App = Awaited<ReturnType<typeof makeApp>>

/** Each is rejected by the guard of keys and by that of the bridge, with one body, and the store is not asked. */
async function rejectedUnasked(t: Test, { send, storeSpy }: App, tokens: readonly string[]) {
  const none = await send({}, { url: '/key/me' })
  storeSpy.calls.length = 0
  for (const token of tokens) {
    for (const url of ['/key/me', '/me']) {
      const response = await send({ token }, { url })
      if (response.statusCode !== 401 || response.body !== none.body) t.fail(`${url}: ${token}`)
    }
  }
  t.strictSame(storeSpy.calls, [])
}

const withChecksum = (text: string) => text + checksum(text)

t.test('Y01 ten thousand keys that were made up never reach the store', async (t) => {
  const app = await makeApp()
  const { id } = await app.createKey()
  const loginId = Buffer.from(id, 'base64url')
  const forged = Array.from({ length: 10_000 }, (_, at) => {
    const body = at % 2 === 0 ? randomBytes(63) : Buffer.concat([loginId, randomBytes(42)])
    return withChecksum(`drbk_${body.toString('base64url')}`)
  })
  await rejectedUnasked(t, app, forged)
})

t.test('Y02 a key of which a part is missing, or in which one character is another', async (t) => {
  const app = await makeApp()
  const { token } = await app.createKey()
  const changed = token
    .split('')
    .map((character, at) => token.slice(0, at) + otherCharacter(character) + token.slice(at + 1))
  const truncated = Array.from({ length: token.length }, (_, at) => token.slice(0, at)).filter(Boolean)
  const rest = truncated.map((text) => token.slice(text.length))
  const corrected = [...changed, ...truncated].map((text) => withChecksum(text.slice(0, -6)))
  await rejectedUnasked(t, app, [
    ...changed,
    ...truncated,
    ...rest,
    ...corrected.filter((text) => text !== token)
  ])
  t.equal((await app.read(token)).statusCode, 200)
})

t.test(
  'Y03 a MAC under the root secret itself, under a key of another purpose, or of another service',
  async (t) => {
    const app = await makeApp()
    const { id } = await app.createKey()
    const body = Buffer.concat([Buffer.from(id, 'base64url'), newSecret()])
    const [ofTokens] = deriveKeys([SECRET], 'refresh-token mac of drawbridge')
    const forged = [SECRET, ofTokens as Buffer, ''].map((key) => {
      const mac = createHmac('sha256', key).update(body).digest().subarray(0, 18)
      return withChecksum(`drbk_${Buffer.concat([body, mac]).toString('base64url')}`)
    })
    const other = new KeyFormat(['the root secret of another service'])
    await rejectedUnasked(t, app, [...forged, other.write({ loginId: id, secret: newSecret() })])
  }
)

t.test(
  'Y04 a key that was made with the stolen root secret, for the login of a key, a session or a token',
  async (t) => {
    const { createKey, send, signInByCookie, signInByToken, read } = await makeApp()
    const key = await createKey()
    const ids = [key.id, newLoginId('1')]
    for (const presented of [{ cookie: await signInByCookie() }, { token: (await signInByToken()).token }])
      ids.push((await send(presented)).json<{ loginId: string }>().loginId)
    const thief = new KeyFormat([SECRET])
    for (const loginId of ids) {
      const forged = thief.write({ loginId, secret: newSecret() })
      for (const url of ['/key/me', '/me']) t.equal((await send({ token: forged }, { url })).statusCode, 401)
    }
    t.equal((await read(key.token)).statusCode, 200, 'the login that it names is not harmed')
  }
)

t.test('Y05 what a stolen store has of a key, presented as one', async (t) => {
  const { createKey, storeSpy, send } = await makeApp()
  const { id } = await createKey()
  const { key } = (await storeSpy.store.find(id))!
  const hash = Buffer.from(key!.secretHash, 'base64url')
  const body = Buffer.concat([Buffer.from(id, 'base64url'), hash.subarray(0, 24), Buffer.alloc(18)])
  for (const token of [key!.secretHash, withChecksum(`drbk_${body.toString('base64url')}`)])
    t.equal((await send({ token })).statusCode, 401)
  const thief = new KeyFormat([SECRET])
  t.equal((await send({ token: thief.write({ loginId: id, secret: hash.subarray(0, 24) }) })).statusCode, 401)
  t.not(hashSecret(hash), key!.secretHash)
})

t.test('Y06 a revoked key, after a log-out of the key and after one of all, in any spelling', async (t) => {
  const { createKey, read, send, logins, app } = await makeApp()
  for (const revoke of [
    (key: CreatedKey, userId: string) => app.keyAuth.revoke(userId, key.id),
    (_: CreatedKey, userId: string) => logins.revokeUser(userId)
  ]) {
    const key = await createKey()
    const { userId } = (await read(key.token)).json<{ userId: string }>()
    await revoke(key, userId)
    for (const scheme of ['Bearer', 'bearer']) {
      const headers = { authorization: `${scheme} ${key.token}` }
      for (const url of ['/key/me', '/me']) t.equal((await send({}, { url, headers })).statusCode, 401)
    }
  }
})

t.test('Y07 the id of the key of another user, to revoke it', async (t) => {
  const { createKey, read, app } = await makeApp()
  const [ada, bob] = [await createKey('ada'), await createKey('bob')]
  const { userId } = (await read(bob.token)).json<{ userId: string }>()
  t.equal(await app.keyAuth.revoke(userId, ada.id), false)
  t.equal((await read(ada.token)).statusCode, 200)
})

t.test('Y08 a key beside the session of another user', async (t) => {
  const { createKey, send, signInByCookie } = await makeApp()
  const { token } = await createKey('ada')
  const refused = await send({ token, cookie: await signInByCookie('bob') })
  t.strictSame([refused.statusCode, codeOf(refused)], [400, 'DRAWBRIDGE_TWO_USERS'])
})

t.test(
  'Y09 a stolen key, to make another one, a session or a token of it, or to change the password',
  async (t) => {
    const { createKey, ask, post, storeSpy } = await makeApp({
      routes: (app) => {
        app.post('/password', { onRequest: app.bridge.guard }, (request, reply) =>
          app.bridge.changePassword(request, reply, request.body)
        )
      }
    })
    const { token } = await createKey()
    storeSpy.calls.length = 0
    const responses = [
      await ask({ token }),
      await post({ token }, '/exchange/session-for-token', {}),
      await post({ token }, '/exchange/token-for-session', { refresh_token: token }),
      await post({ token }, '/password', { currentPassword: 'x', newPassword: 'y' })
    ]
    for (const response of responses) t.equal(codeOf(response), 'DRAWBRIDGE_KEY_NOT_ALLOWED')
    t.equal((await post({ token }, '/token/refresh', { refresh_token: token })).statusCode, 401)
    for (const call of ['insert', 'carry', 'rotate']) t.notOk(storeSpy.calls.includes(call), call)
  }
)

t.test('Y10 a key in a cookie, a query, a body, or under another scheme', async (t) => {
  const { createKey, send, app } = await makeApp()
  const { token } = await createKey()
  const cookie = `__Host-drawbridge=${token}; key=${token}`
  const attempts = [
    { headers: { cookie } },
    { url: `/key/me?access_token=${token}` },
    { headers: { 'x-api-key': token } },
    { headers: { authorization: `Basic ${Buffer.from(`x:${token}`).toString('base64')}` } },
    { headers: { authorization: `Digest ${token}` } },
    { headers: { authorization: token } },
    { headers: { authorization: `Bearer  ${token}` } },
    { headers: { authorization: `Bearer ${token} ` } },
    { headers: { authorization: `Bearer "${token}"` } }
  ]
  for (const options of attempts) {
    for (const url of ['/key/me', '/me']) {
      const response = await app.inject({ url, ...options })
      t.equal(response.statusCode, 401, JSON.stringify(options).replaceAll(token, 'KEY'))
    }
  }
  t.equal((await send({ token })).statusCode, 200)
})

t.test('Y11 no key is in a log, whatever happens to it', async (t) => {
  const lines: string[] = []
  const stream = { write: (line: string) => void lines.push(line) }
  const app = await makeApp({ server: { logger: { level: 'trace', stream } } })
  const key = await app.createKey()
  await app.read(key.token)
  await app.send({ token: `${key.token}x` })
  await app.send({ token: key.token, cookie: await app.signInByCookie('bob') })
  await app.ask({ token: key.token })
  await app.ask({ token: (await app.signInByToken()).token }, { name: key.token.repeat(2) })
  await app.logins.revoke(key.id)
  await app.read(key.token)
  app.storeSpy.outage = new Error('the store is down')
  await app.read(new KeyFormat([SECRET]).write({ loginId: newLoginId('1'), secret: newSecret() }))
  t.ok(lines.length > 10, `${lines.length} lines`)
  const secret = key.token.slice(33)
  t.notOk(lines.some((line) => line.includes(secret) || line.includes('drbk_')))
})
