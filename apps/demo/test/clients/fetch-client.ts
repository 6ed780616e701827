import { CookieJar } from 'tough-cookie'
import { type Answer, type Ask, type Client, headersOf } from './client.ts'

/** Node's fetch, which has no cookie jar, with one. */
export function createFetchClient(url: string): Client {
  const jar = new CookieJar()
  return {
    cookies: () => jar.getCookieString(url),
    async send(ask: Ask): Promise<Answer> {
      const headers = new Headers(headersOf(ask))
      const kept = ask.cookie === undefined ? await jar.getCookieString(url + ask.path) : ''
      if (kept !== '') headers.set('cookie', kept)
      const body = ask.json === undefined ? null : JSON.stringify(ask.json)
      const response = await fetch(url + ask.path, { method: ask.method, headers, body })
      if (ask.cookie === undefined) {
        for (const cookie of response.headers.getSetCookie()) await jar.setCookie(cookie, url + ask.path)
      }
      return {
        status: response.status,
        headers: response.headers,
        body: (await response.json()) as Record<string, unknown>
      }
    }
  }
}
