import { once } from 'node:events'
import { createRequire } from 'node:module'
import { account, cookiesOf, expect } from '../sign-in.mjs'

/** The first message of a socket, the code that it is closed with, or the status of the response. */
function first(socket) {
  return new Promise((resolve) => {
    socket.once('message', (message) => resolve(String(message)))
    socket.once('close', resolve)
    socket.once('error', () => {})
    socket.once('unexpected-response', (_request, { statusCode }) => resolve(statusCode))
  })
}

function equal(actual, expected) {
  if (actual !== expected) throw new Error(`${actual}, not ${expected}`)
}

/** A socket stays open while the login is active, and is closed when it is not. */
async function closesWith(code, socket, act) {
  equal(socket.readyState, socket.OPEN)
  const closed = once(socket, 'close')
  await act()
  equal((await closed)[0], code)
}

/** A socket opens for a user who is signed in, for our own pages, and for a token that is valid; and ends with its login. */
export default async function sockets({ app, credentials, logins, outage }, module) {
  const WebSocket = createRequire(module)('ws')
  await app.listen({ host: '127.0.0.1', port: 0 })
  const origin = `127.0.0.1:${app.server.address().port}`
  const open = (path, headers = {}) => new WebSocket(`ws://${origin}${path}`, { headers })
  const { user } = await credentials.register(account)
  const signIn = (url) => expect(200, app.inject({ method: 'POST', url, payload: account }))

  const cookie = cookiesOf(await signIn('/session/login'))
  equal(await first(open('/feed')), 401)
  equal(await first(open('/feed', { cookie, origin: 'https://evil.example' })), 403)
  const socket = open('/feed', { cookie, origin: `http://${origin}` })
  equal(await first(socket), 'Hello, ada!')
  socket.send('hi')
  equal(await first(socket), 'ada: hi')
  await closesWith(4401, socket, () =>
    expect(200, app.inject({ method: 'POST', url: '/session/logout', headers: { cookie } }))
  )
  if (!app.hasRoute({ method: 'GET', url: '/feed-by-token' })) return

  const { access_token } = (await signIn('/token/login')).json()
  const byHeader = open('/feed', { authorization: `Bearer ${access_token}` })
  equal(await first(byHeader), 'Hello, ada!')
  const [forged, right, late, silent] = [1, 2, 3, 4].map(() => open('/feed-by-token'))
  for (const each of [forged, right, late, silent]) await once(each, 'open')
  forged.send('not a token')
  equal(await first(forged), 4401)
  right.send(access_token)
  equal(await first(right), 'Hello, ada!')
  await closesWith(1013, byHeader, () => {
    outage.makeStale()
    outage.storeDown()
    outage.clock.advance(2)
  })
  const [isLate, isSilent] = [first(late), first(silent)]
  late.send(access_token)
  equal(await isLate, 1013)
  equal(await isSilent, 4401)
  outage.storeUp()
  outage.makeFresh()
  const again = open('/feed', { authorization: `Bearer ${access_token}` })
  equal(await first(again), 'Hello, ada!')
  await closesWith(4401, again, () => logins.revokeUser(user.id))
}
