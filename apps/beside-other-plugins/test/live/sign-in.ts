import { until } from '@drawbridge/test-support/until'
import type { Headers } from './connections.ts'

/** A login of a test, and its credential as headers. */
export interface SignedIn {
  readonly loginId: string
  readonly headers: Headers
}

/** Signs somebody in, at a node of the service. */
export async function signIn(url: string, carrier: 'session' | 'token', user: string): Promise<SignedIn> {
  const response = await post(`${url}/enter/${carrier}?user=${user}`)
  const headers =
    carrier === 'session'
      ? {
          cookie: response.headers
            .getSetCookie()
            .map((line) => line.split(';', 1)[0])
            .join('; ')
        }
      : {
          authorization: `Bearer ${((await response.json()) as { readonly access_token: string }).access_token}`
        }
  const me = await fetch(`${url}/me`, { headers })
  const { loginId } = (await me.json()) as { readonly loginId: string }
  return { loginId, headers }
}

/** Posts nothing, again after each 503, as a client does. Rejects where the response is no 200. */
export async function post(url: string, headers: Headers = {}): Promise<Response> {
  let response = new Response()
  await until(async () => {
    response = await fetch(url, { method: 'POST', headers })
    return response.status !== 503
  })
  if (response.status !== 200) throw new Error(`the status is ${response.status}: ${await response.text()}`)
  return response
}
