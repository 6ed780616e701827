import t from 'tap'
import { readOriginalTarget } from '../../src/forward-auth/proxies.ts'

const own = { method: 'GET', url: '/verify' }

t.test('nginx and Traefik name method and URI in headers', async (t) => {
  const headers = {
    'x-original-method': 'PUT',
    'x-original-uri': '/a?b=c',
    'x-forwarded-method': 'PATCH',
    'x-forwarded-uri': '/d'
  }
  t.same(readOriginalTarget({ ...own, headers }, 'nginx', '/verify'), { method: 'PUT', uri: '/a?b=c' })
  t.same(readOriginalTarget({ ...own, headers }, 'traefik', '/verify'), { method: 'PATCH', uri: '/d' })
})

t.test('Envoy sends both itself, below the path of the route', async (t) => {
  const read = (url: string) =>
    readOriginalTarget({ method: 'POST', url, headers: {} }, 'envoy', '/auth/verify')
  t.same(read('/auth/verify/a?b=c'), { method: 'POST', uri: '/a?b=c' })
  t.same(read('/auth/verify'), { method: 'POST', uri: '' })
})

t.test('a header that is missing, or names no method, is never taken for a GET', async (t) => {
  for (const method of [undefined, '', ' ', 'GET, POST', 'GET POST', 'G\u00ebT', ['GET']]) {
    const headers = { 'x-original-method': method as string, 'x-forwarded-method': 'GET' }
    t.equal(readOriginalTarget({ ...own, headers }, 'nginx', '/verify'), 'X-Original-Method', String(method))
  }
  t.equal(readOriginalTarget({ ...own, headers: {} }, 'traefik', '/verify'), 'X-Forwarded-Method')
})
