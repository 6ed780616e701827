import type { Principal } from '@drawbridge/logins'
import t from 'tap'
import { createUserHeaders, DEFAULT_USER_HEADERS } from '../../src/forward-auth/user-headers.ts'

const ada: Principal = {
  userId: '1',
  username: 'ada',
  loginId: 'a login',
  carrier: 'session',
  authenticatedAt: 0,
  expiresAt: 1,
  scopes: ['read', 'write:all']
}

const encode = (text: string) => createUserHeaders({ 'x-a': () => text }, ada)[0]?.[1] as string

t.test('by default the user, the name and the scopes', async (t) => {
  t.same(createUserHeaders(DEFAULT_USER_HEADERS, ada), [
    ['x-user-id', '1'],
    ['x-user-name', 'ada'],
    ['x-user-scopes', 'read write:all']
  ])
})

t.test('a value is visible ASCII, of which decodeURIComponent makes the text again', async (t) => {
  const texts = [
    'ada',
    'Ada Lovelace',
    'a@example.com; b="c", d',
    '100%',
    '%41',
    'Zoë 漢字 😀',
    'ada\r\nX-User-Id: 2',
    '\0\t\x7f\x80\xff\u2028',
    '  ',
    ''
  ]
  for (const text of texts) {
    t.match(encode(text), /^[!-~]*$/, encodeURIComponent(text))
    t.equal(decodeURIComponent(encode(text)), text)
  }
  t.equal(encode('Zoë Quinn'), 'Zo%C3%AB%20Quinn')
  t.equal(encode('a\ud800b'), 'a%EF%BF%BDb', 'ill-formed Unicode')
})

t.test('of a list each item is encoded, and a header without a value is there, and empty', async (t) => {
  const headers = { 'x-roles': () => ['an editor', 'é'], 'x-tenant': () => undefined, 'x-groups': () => [] }
  t.same(createUserHeaders(headers, ada), [
    ['x-roles', 'an%20editor %C3%A9'],
    ['x-tenant', ''],
    ['x-groups', '']
  ])
})
