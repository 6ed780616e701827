import type { LightMyRequestResponse } from 'fastify'
import { type AppOptions, makeApp, type TestApp } from '../make-app.ts'

export const CLIENT = { clientId: 'orders', clientSecret: 'a-secret-of-a-client-0123456789-abcdef' }

export const basic = (id: string, secret: string) =>
  `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`

export const AUTHORIZATION = basic(CLIENT.clientId, CLIENT.clientSecret)

/** An issuer with the routes for other services. */
export async function makeIssuer(options: AppOptions = {}): Promise<
  TestApp & {
    /** POST of a form. */
    post(
      url: string,
      form: string | Record<string, string>,
      headers?: Record<string, string>
    ): Promise<LightMyRequestResponse>
  }
> {
  const test = await makeApp({
    ...options,
    tokens: { clients: [CLIENT], routes: { introspect: true, revoke: true }, ...options.tokens }
  })
  return {
    ...test,
    post: (url, form, headers = {}) =>
      test.app.inject({
        method: 'POST',
        url,
        payload: typeof form === 'string' ? form : new URLSearchParams(form).toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers }
      })
  }
}
