import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { createLogins, createMemoryLoginStore } from '@drawbridge/logins'
import { startProcess } from '@drawbridge/test-support/processes/start-process'
import { createHeader, signJws } from '@drawbridge/test-support/forge'
import { generateSigningKey, tokenAuth } from '@drawbridge/token-auth'
import { asUser } from '@drawbridge/token-auth/testing'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { parseBlocks } from '../../../../scripts/docs/blocks.ts'
import { AUDIENCE, CLIENT } from '../make-house.ts'

/** Debian's own: another `python3` in PATH may lack the modules. */
const python = '/usr/bin/python3'
const modules = 'import authlib, flask, jwt, requests'
const hasModules = spawnSync(python, ['-c', modules], { stdio: 'ignore' }).status === 0
const skip = hasModules
  ? false
  : 'no Authlib here (apt-get install python3-flask python3-jwt python3-authlib python3-requests)'

const GUIDE = 'docs/guides/other-services.md'
const guide = readFileSync(new URL(`../../../../${GUIDE}`, import.meta.url), 'utf8')
const resourceServer = parseBlocks(GUIDE, guide).find(({ language }) => language === 'python')?.text ?? ''

/** What the guide leaves to whoever runs the server. */
const serve = `
from werkzeug.serving import make_server

server = make_server("127.0.0.1", 0, app, threaded=True)
print(f"listening at http://127.0.0.1:{server.port}", flush=True)
server.serve_forever()
`

const credentials = { verify: async () => ({ ok: false, reason: 'malformed' }) as const }
const user = { id: 'u1', username: 'ada' }

/** An issuer, and the resource server of the guide. */
async function start(t: Test) {
  const key = generateSigningKey()
  const logins = createLogins({
    store: createMemoryLoginStore(),
    getClaims: () => ({ scopes: ['orders', 'read'] })
  })
  // Its URL is its name, so it must be known before the plugin is registered.
  const gate = Fastify()
  const issuer = await gate.listen({ port: 0, host: '127.0.0.1' })
  const app = Fastify()
  await app.register(tokenAuth, {
    credentials,
    logins,
    keys: [key],
    issuer,
    audience: AUDIENCE,
    clients: [CLIENT],
    routes: { introspect: true, revoke: true, metadata: true }
  })
  await gate.close()
  await app.listen({ port: Number(new URL(issuer).port), host: '127.0.0.1' })
  t.teardown(() => app.close())
  const folder = mkdtempSync(join(tmpdir(), 'drawbridge-python-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'resource_server.py')
  writeFileSync(file, resourceServer + serve)
  const env = {
    ISSUER: issuer,
    AUDIENCE,
    METADATA_URL: `${issuer}/.well-known/oauth-authorization-server`,
    CLIENT_ID: CLIENT.clientId,
    CLIENT_SECRET: CLIENT.clientSecret
  }
  const { url } = await startProcess(t, { command: python, args: [file], env, ready: /listening at (\S+)/ })
  const signIn = async () => (await asUser(app, user)).authorization.slice('Bearer '.length)
  const get = (path: string, token?: string) =>
    fetch(url + path, { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } })
  return { app, issuer, key, signIn, get }
}

t.test('a resource server in Python, of other libraries', { skip }, async (t) => {
  const { app, issuer, key, signIn, get } = await start(t)

  await t.test('serves the users who have signed in, by introspection and by the keys', async (t) => {
    const token = await signIn()
    const response = await get('/orders', token)
    t.equal(response.status, 200)
    t.strictSame(await response.json(), { user: 'u1', name: 'ada' })
    t.strictSame(await (await get('/catalogue', token)).json(), { user: 'u1' })
  })

  await t.test('rejects what is no token, or not for it', async (t) => {
    const token = await signIn()
    const claims = JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString()) as object
    const stranger = generateSigningKey()
    const attacks = {
      nothing: undefined,
      'no JWT': 'abc',
      'by a stranger under our kid': signJws({ ...stranger, kid: key.kid }, createHeader(key), claims),
      'for another audience': signJws(key, createHeader(key), { ...claims, aud: 'https://other.example' }),
      'of another issuer': signJws(key, createHeader(key), { ...claims, iss: 'https://other.example' }),
      'typed as an id token': signJws(key, { ...createHeader(key), typ: 'JWT' }, claims),
      expired: signJws(key, createHeader(key), { ...claims, exp: Math.floor(Date.now() / 1000) - 60 })
    }
    for (const [name, attack] of Object.entries(attacks))
      for (const path of ['/orders', '/catalogue'])
        t.equal((await get(path, attack)).status, 401, `${name} ${path}`)
  })

  await t.test('hears of a log-out by introspection', async (t) => {
    const token = await signIn()
    t.equal((await get('/orders', token)).status, 200)
    const { sid } = JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString()) as {
      sid: string
    }
    await app.tokenAuth.revoke(sid)
    t.equal((await get('/orders', token)).status, 401)
    t.equal((await get('/catalogue', token)).status, 200, 'and not by the keys, as the guide says')
  })

  await t.test('a stock client asks about tokens and revokes them', async (t) => {
    const token = await signIn()
    const script = `
import json, sys
from authlib.integrations.requests_client import OAuth2Session

issuer, token, client_id, client_secret = sys.argv[1:]
session = OAuth2Session(client_id, client_secret, token_endpoint_auth_method="client_secret_basic")
ask = lambda: session.introspect_token(issuer + "/token/introspect", token).json()
before = ask()
revoked = session.revoke_token(issuer + "/token/revoke", token).status_code
unknown = session.revoke_token(issuer + "/token/revoke", "x").status_code
stranger = OAuth2Session(client_id, "wrong", token_endpoint_auth_method="client_secret_basic")
refused = stranger.introspect_token(issuer + "/token/introspect", token)
print(json.dumps([before["active"], before["username"], revoked, unknown, ask(), refused.status_code, refused.json()["error"]]))
`
    const { stdout, stderr } = await run(script, issuer, token, CLIENT.clientId, CLIENT.clientSecret)
    t.equal(stderr, '')
    t.strictSame(JSON.parse(stdout), [true, 'ada', 200, 200, { active: false }, 401, 'invalid_client'])
  })
})

/** Not spawnSync: the issuer is in this process. */
async function run(script: string, ...args: readonly string[]) {
  const child = spawn(python, ['-c', script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { stdout, stderr }
}
