import t from 'tap'
import { SECRET } from '../make-app.ts'
import { attackedApp, cookiesFrom, json, signInRequest, NAME, parseCookie, signFor } from './attacked-app.ts'
import { bag } from './session-data-routes.ts'

const { send, getMe, signIn, storeSpy } = await attackedApp(t, { routes: bag })
const [ada, bob] = [await signIn('ada'), await signIn('bob')]
const value = parseCookie(ada).value
const { bytes: rejection } = await getMe()

const signOutRequest = (line: string) => ({ method: 'POST', path: '/session/logout', lines: [line] })

t.test('K06 a value of 8 kB is a 401 like any other, a head of 20 kB a 431', async (t) => {
  t.equal((await getMe(`${NAME}=${'x'.repeat(8192)}`)).bytes, rejection)
  const tooLarge = await getMe(`${ada}; a=${'x'.repeat(20_000)}`)
  t.equal(tooLarge.status, 431)
  t.equal((await getMe(`a=${'x'.repeat(8192)}; ${ada}`)).status, 200, 'whatever else is large')
})

t.test(
  'F18 K07 two session cookies of ours that differ are a 400, in whichever order and however they come',
  async (t) => {
    const { bytes } = await getMe(`${ada}; ${bob}`)
    t.match(bytes, /^HTTP\/1.1 400 .*DRAWBRIDGE_AMBIGUOUS_CREDENTIAL/s)
    for (const cookies of [
      [ada, bob],
      [bob, ada],
      [`a=1; ${ada}; b=2`, `c=3;${bob}`],
      [`${ada}; ${NAME}=made-up; ${bob}`]
    ]) {
      t.equal((await getMe(...cookies)).bytes, bytes, cookies.join(' | ').slice(0, 40))
    }
    t.equal((await getMe(ada, ada)).status, 200, 'twice the same is one')
    t.equal((await getMe(`${ada}; ${ada}`)).status, 200)
    t.equal((await getMe(`${ada}; ${NAME}=${value.replace('.', '%2E')}`)).status, 200, 'in two spellings')
  }
)

t.test('S24: K07 of several cookies of our name, the one that we signed counts', async (t) => {
  const foreign = [
    'made-up',
    '',
    'deleted',
    's:1.2',
    '%',
    signFor('session cookie', 'x', 'y'.repeat(8) + SECRET)
  ]
  for (const other of foreign.map((text) => `${NAME}=${text}`)) {
    for (const cookies of [[`${other}; ${ada}`], [`${ada}; ${other}`], [ada, other], [other, ada]]) {
      const { status, body } = await getMe(...cookies)
      t.equal(status, 200, cookies.join(' | ').slice(0, 40))
      t.equal(JSON.parse(body).username, 'ada')
    }
    t.equal((await send({ path: '/bag', lines: [`Cookie: ${other}; ${ada}`] })).status, 200)
    t.equal((await getMe(`${other}; ${NAME}=other`)).bytes, rejection, 'none of ours')
  }
  const many = Array.from({ length: 8 }, (_, at) => `${NAME}=${at}`).join('; ')
  t.equal((await getMe(`${many}; ${ada}`)).status, 400, 'too many to look into')
})

t.test('S24: a sign-in and a log-out work beside a cookie of another system', async (t) => {
  for (const left of ['', 'deleted', 's:old.system'].map((text) => `${NAME}=${text}`)) {
    const login = await send(signInRequest(`Cookie: ${left}`))
    const [mine = ''] = cookiesFrom(login)
    t.equal((await getMe(left, mine)).status, 200)
    const again = await send(signInRequest(`Cookie: ${left}; ${mine}`))
    const [next = ''] = cookiesFrom(again)
    t.strictSame(
      [again.status, (await getMe(mine)).status, (await getMe(left, next)).status],
      [200, 401, 200]
    )
    const lines = [`Cookie: ${left}; ${next}`]
    t.match((await send({ method: 'POST', path: '/session/logout', lines })).body, /Logged out/)
    t.equal((await getMe(next)).status, 401)
  }
})

t.test(
  'S24: K07 of two cookies of ours a sign-in and a log-out choose none: they revoke both logins',
  async (t) => {
    for (const request of [signInRequest, (line: string) => signOutRequest(line)]) {
      const both = [await signIn('ada'), await signIn('bob')] as const
      t.equal((await send(request(`Cookie: ${both.join('; ')}`))).status, 200)
      for (const cookie of both) t.equal((await getMe(cookie)).bytes, rejection)
    }
  }
)

t.test('K09 a cookie that a sibling subdomain plants beside ours is ignored', async (t) => {
  const planted = `${NAME}=${parseCookie(bob).value}`
  t.equal((await getMe(`${planted}; ${ada}`)).status, 400)
  t.equal((await getMe(`${ada}; ${planted}`)).status, 400)
})

t.test(
  'S09: K10 spaces and tabs around the name and the value of a cookie are not part of them',
  async (t) => {
    for (const line of [
      `a=1;\t${NAME}=${value}`,
      `a=1; ${NAME} =${value}`,
      `${NAME}\t=${value};b=2`,
      `${NAME}= ${value}`,
      `${NAME} \t= \t${value} \t; b=2`,
      `${NAME} = ${value}\t`
    ])
      t.equal((await getMe(line)).status, 200, JSON.stringify(line.slice(0, 30)))
    t.equal((await getMe(`${NAME} = ; b=${value}`)).bytes, rejection)
  }
)

t.test('K10 K11 names that only look like ours are not read', async (t) => {
  // Not first in the line: HTTP itself drops white space there.
  for (const name of [
    '__host-drawbridge',
    '__HOST-DRAWBRIDGE',
    '%5F%5FHost-drawbridge',
    '\xa0__Host-drawbridge',
    '\xef\xbb\xbf__Host-drawbridge',
    '__Host-drawbridge\xa0',
    '__Host-drawbridge x',
    'x__Host-drawbridge',
    '__Host-drawbridge2',
    '=__Host-drawbridge',
    '"__Host-drawbridge"',
    '$__Host-drawbridge'
  ]) {
    t.equal((await getMe(`a=1;${name}=${value}`)).bytes, rejection, JSON.stringify(name))
  }
  t.equal((await getMe(`a=1,${ada}`)).bytes, rejection, 'a comma parts no cookies')
  t.equal((await getMe(`a=1;${ada};b=2`)).status, 200)
})

t.test('K10 a lenient parser behind the guard reads the same session as the guard', async (t) => {
  const mine = { ...json({ owner: 'ada' }), method: 'POST', path: '/bag' }
  const theirs = { ...json({ owner: 'bob' }), method: 'POST', path: '/bag' }
  await send({ ...mine, lines: [...mine.lines!, `Cookie: ${ada}`] })
  await send({ ...theirs, lines: [...theirs.lines!, `Cookie: ${bob}`] })
  const planted = parseCookie(bob).value
  for (const other of [`\t${NAME}=${planted}`, `${NAME} =${planted}`, `${NAME}\t=${planted}`]) {
    for (const line of [`a=1;${other}; ${ada}`, `${ada};${other}`]) {
      const { status } = await send({ path: '/bag', lines: [`Cookie: ${line}`] })
      t.equal(status, 400, JSON.stringify(other.slice(0, 20)))
    }
  }
})

t.test('K12 cookies named as members of an object have no effect', async (t) => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype', 'valueOf']
  const line = names.map((name) => `${name}=${value}`).join('; ')
  for (const path of ['/me', '/bag']) {
    t.equal((await send({ path, lines: [`Cookie: ${line}`] })).status, 401)
    t.equal((await send({ path, lines: [`Cookie: ${line}; ${ada}`] })).status, 200)
  }
  t.equal(({} as Record<string, unknown>).value, undefined)
})

t.test('K13 1500 cookies cost little, and ours is found among them', async (t) => {
  const many = Array.from({ length: 1500 }, (_, at) => `c${at}=1`).join('; ')
  const startedAt = performance.now()
  t.equal((await getMe(`${many}; ${ada}`)).status, 200)
  t.equal((await getMe(many)).bytes, rejection)
  t.ok(performance.now() - startedAt < 5000, 'not a matter of seconds')
})

t.test('a malformed request head, or one with odd bytes, is a 4xx and reaches no store', async (t) => {
  const before = { ...storeSpy.counts }
  for (const [lines, statuses] of [
    [[`Cookie: ${NAME}=\0`], [400]],
    [[`Cookie : ${ada}`], [400]],
    [[`Cookie: a=1\r\n ${ada}`], [400, 401]],
    [[`Cookie: ${NAME}=\x80\xff\xfe`], [401]],
    [[`Cookie:${NAME}=`], [401]],
    [['Cookie:'], [401]],
    [[`Cookie: ${';'.repeat(9000)}`], [401]],
    [[`Cookie: ${'='.repeat(9000)}`], [401]],
    [[`Cookie2: ${ada}`], [401]],
    [[`X-Cookie: ${ada}`], [401]],
    [[`Authorization: ${ada}`], [401]]
  ] as const) {
    const { status } = await send({ lines })
    t.ok((statuses as readonly number[]).includes(status), `${JSON.stringify(lines).slice(0, 40)}: ${status}`)
  }
  t.same(storeSpy.counts, before)
  t.equal((await send({ version: 'HTTP/1.0', host: null, lines: [`Cookie: ${ada}`] })).status, 200)
  t.equal((await getMe(`${NAME}=x`)).bytes, rejection)
})
