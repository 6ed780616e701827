import { expect } from '../sign-in.mjs'

/** Without a Redis the feed is stale, so that the issuer is asked: of a log-out too. */
export default async function otherServices({ login, orders, credentials, logins }) {
  reach(login)
  const user = { username: 'ada', password: 'correct horse battery staple' }
  await credentials.register(user)
  const post = (url, payload, headers) => login.inject({ method: 'POST', url, payload, headers })
  const { access_token: token } = (await expect(200, post('/token/login', user))).json()
  const headers = { authorization: `Bearer ${token}` }
  const read = () => orders.inject({ url: '/orders', headers })
  await expect(403, read())
  await expect(503, orders.inject('/health/ready'))
  const { introspection_endpoint: endpoint } = (
    await expect(200, login.inject('/.well-known/oauth-authorization-server'))
  ).json()
  if (endpoint !== 'https://login.example/token/introspect') throw new Error(`the endpoint is ${endpoint}`)
  await expect(200, post('/token/logout', {}, headers))
  await expect(401, read())
  await logins.close()
}

/** Requests to the issuer reach the application of the guide. */
export function reach(login) {
  globalThis.fetch = async (url, { method, headers, body }) => {
    const { pathname } = new URL(url)
    const type = body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }
    const request = {
      method,
      url: pathname,
      headers: { ...Object.fromEntries(new Headers(headers)), ...type }
    }
    const response = await login.inject({ ...request, ...(body && { payload: String(body) }) })
    return new Response(response.body, { status: response.statusCode, headers: response.headers })
  }
}
