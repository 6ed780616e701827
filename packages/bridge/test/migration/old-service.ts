import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import session, { MemoryStore } from 'express-session'

/** The cookies of one browser, by name. */
export type Jar = Map<string, string>

/** Sends a request with the cookies of a jar, and stores those that the response sets. */
export async function browse(
  jar: Jar,
  url: string,
  method = 'GET'
): Promise<{ status: number; body: string }> {
  const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  const response = await fetch(url, { method, headers: cookie === '' ? {} : { cookie } })
  store(jar, response.headers.getSetCookie())
  return { status: response.status, body: await response.text() }
}

/** As a browser does, without the attributes but those that remove a cookie. */
export function store(jar: Jar, lines: readonly string[]): void {
  for (const line of lines) {
    const [pair = '', ...attributes] = line.split(';')
    const [name = '', value = ''] = pair.split(/=(.*)/s)
    if (attributes.some((attribute) => /^ *max-age=0$/i.test(attribute))) jar.delete(name)
    else jar.set(name, value)
  }
}

export const OLD_SECRET = 'the secret of the service that was there before'

/**
 * The service that users are moved from: express-session, with the user where passport has it. `POST /login?user=ada`, `GET /me`,
 * `POST /logout`.
 */
export async function startOldService(sessions = new MemoryStore()) {
  const withSession = session({
    secret: OLD_SECRET,
    store: sessions,
    resave: false,
    saveUninitialized: false
  })
  const handle: RequestListener = (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const finish = (status: number, body = '') => response.writeHead(status).end(body)
    withSession(request as never, response as never, () => {
      const own = (
        request as IncomingMessage & { session: session.Session & { passport?: { user: string } } }
      ).session
      if (url.pathname === '/login')
        return own.regenerate(() => {
          const fresh = (request as IncomingMessage & { session: typeof own }).session
          fresh.passport = { user: url.searchParams.get('user') ?? '' }
          fresh.save(() => finish(200))
        })
      if (url.pathname === '/logout') return own.destroy(() => finish(200))
      const user = own.passport?.user
      return user === undefined ? finish(401) : finish(200, user)
    })
  }
  const server = createServer(handle)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()))
  return { sessions, url: `http://127.0.0.1:${port}`, close }
}
