import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'

/** A request to a service behind a proxy, as its client sends it. */
export interface Original {
  readonly method?: string
  readonly uri?: string
  readonly headers?: Readonly<Record<string, string>>
}

export type ProxyName = keyof typeof REQUESTS

export const HOST = 'app.example'

/** What each proxy asks about a request to `https://app.example`. Those headers of a connection are not passed on. */
const REQUESTS = {
  nginx: ({ method, uri, headers }: Required<Original>) => ({
    url: '/verify',
    headers: {
      ...headers,
      host: HOST,
      'x-forwarded-proto': 'https',
      'x-original-method': method,
      'x-original-uri': uri
    }
  }),
  traefik: ({ method, uri, headers }: Required<Original>) => ({
    url: '/verify',
    headers: {
      ...headers,
      host: 'sign-in:3000',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': HOST,
      'x-forwarded-method': method,
      'x-forwarded-uri': uri
    }
  }),
  envoy: ({ method, uri, headers }: Required<Original>) => ({
    method: method as 'GET',
    url: `/verify${uri}`,
    headers: { ...headers, host: HOST, 'x-forwarded-proto': 'https', 'content-length': '0' }
  })
} satisfies Record<string, (original: Required<Original>) => InjectOptions>

export const PROXIES = Object.keys(REQUESTS) as readonly ProxyName[]

/** What the proxy gets for its question about a request. */
export function askAs(
  app: FastifyInstance,
  proxy: ProxyName,
  { method = 'GET', uri = '/reports?page=2', headers = {} }: Original = {}
): Promise<LightMyRequestResponse> {
  return app.inject(REQUESTS[proxy]({ method, uri, headers }))
}
