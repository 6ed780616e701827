import { once } from 'node:events'
import { get } from 'node:http'
import { expect, signIn } from '../sign-in.mjs'

/** The events of a stream, as they arrive. */
async function open(origin, path, headers) {
  const request = get(`${origin}${path}`, { headers: { accept: 'text/event-stream', ...headers } })
  const [response] = await once(request, 'response')
  if (response.statusCode !== 200) throw new Error(`the status is ${response.statusCode}`)
  let text = ''
  response.setEncoding('utf8').on('data', (chunk) => (text += chunk))
  const includes = async (part) => {
    while (!text.includes(part)) await once(response, 'data')
  }
  return { includes, ended: once(response, 'end'), request }
}

const REVOKED = 'event: end\ndata: {"code":"DRAWBRIDGE_LOGIN_REVOKED"}\n\n'

/** A stream ends with its login, and leaves nothing, whoever closes it. */
export default async function streams({ app, credentials, logins, news }) {
  await app.listen({ host: '127.0.0.1', port: 0 })
  const origin = `http://127.0.0.1:${app.server.address().port}`
  const headers = await signIn(app, credentials)
  const paths = ['/news', ...(app.hasRoute({ method: 'GET', url: '/ticks' }) ? ['/ticks'] : [])]

  const left = await open(origin, '/news', headers)
  await left.includes('data: "welcome"')
  left.ended.catch(() => {})
  left.request.destroy()
  while (news.listenerCount('item') > 0) await new Promise((resolve) => setTimeout(resolve, 10))

  const streams = await Promise.all(paths.map((path) => open(origin, path, headers)))
  await streams[0].includes('data: "welcome"')
  news.emit('item', 'rain')
  await streams[0].includes('data: "rain"')
  await expect(200, app.inject({ method: 'POST', url: '/session/logout', headers }))
  for (const { includes, ended } of streams) {
    await includes(REVOKED)
    await ended
  }
  if (news.listenerCount('item') > 0 || logins.health().openConnections > 0)
    throw new Error('something is left')
}
