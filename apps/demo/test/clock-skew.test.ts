import { createPrivateKey, type JsonWebKey, sign } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { buildDemo, signInByToken } from './build-demo.ts'
import { makeDataDir } from './start-demo.ts'

interface KeySet {
  readonly keys: readonly [JsonWebKey]
}

/** The token as issued by a node whose clock is so far ahead. */
async function issuedAhead(token: string, seconds: number, dataDir: string): Promise<string> {
  const [header = '', payload = ''] = token.split('.')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { iat: number; exp: number }
  const shifted = { ...claims, iat: claims.iat + seconds, exp: claims.exp + seconds }
  const signed = `${header}.${Buffer.from(JSON.stringify(shifted)).toString('base64url')}`
  const { keys } = JSON.parse(await readFile(join(dataDir, 'token-keys-eddsa.json'), 'utf8')) as KeySet
  const key = createPrivateKey({ key: keys[0], format: 'jwk' })
  return `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`
}

t.test('T08: CLOCK_SKEW_SECONDS limits how far ahead the clock of the issuing node may be', async (t) => {
  const DATA_DIR = await makeDataDir(t)
  for (const [CLOCK_SKEW_SECONDS, status] of [
    ['60', 200],
    ['5', 401]
  ] as const) {
    const app = await buildDemo(t, { DATA_DIR, CLOCK_SKEW_SECONDS })
    const { token } = await signInByToken(app)
    const authorization = `Bearer ${await issuedAhead(token, 30, DATA_DIR)}`
    const response = await app.inject({ url: '/token/protected', headers: { authorization } })
    t.equal(response.statusCode, status, `within ${CLOCK_SKEW_SECONDS} s`)
    await app.close()
  }
})
