import { until } from '@drawbridge/test-support/until'
import t, { type Test } from 'tap'
import { asUser, collect, everyFlow, register, signIn } from './attacks/people.ts'
import { type Answer, type Credential, type Node, PASSWORD, startService } from './start-service.ts'

const rename = (node: Node, credential: Credential, newUsername: unknown) =>
  node.send('POST', '/username', credential, { newUsername })

const nameAt = async (node: Node, credential: Credential) =>
  (await node.send('GET', '/me', credential)).body['username']

/** Within the bound of the feed, and never back. */
async function assertName(t: Test, node: Node, credential: Credential, name: string): Promise<void> {
  await until(async () => (await nameAt(node, credential)) === name)
  for (let again = 0; again < 3; again += 1) t.equal(await nameAt(node, credential), name)
}

for (const place of ['memory', 'sqlite', 'postgres and redis'] as const) {
  t.test(`on ${place}`, async (t) => {
    const { nodes } = await startService(t, place, { ...everyFlow, nodeCount: 3 })
    const [one] = nodes
    const last = nodes.at(-1) as Node

    await t.test(
      'every node serves the new name to every credential in hand, and logs nobody out',
      async (t) => {
        const person = await register(one)
        const { authorization = '', refresh_token } = await signIn(one, person, 'token')
        const key = await one.send('POST', '/keys', person.own)
        collect(person, key)
        const before = (await one.logins.listByUser(person.userId)).length
        for (const node of nodes)
          for (const credential of person.credentials)
            t.equal(await nameAt(node, credential), person.username)
        const newName = `${person.username} "Néw\\`
        const renamed = await rename(one, { authorization }, newName)
        t.same([renamed.status, renamed.body], [200, { id: person.userId, username: newName }])
        for (const node of nodes)
          for (const credential of person.credentials) await assertName(t, node, credential, newName)
        for (const { username } of await last.store.store.listByUser(person.userId))
          t.equal(username, newName)
        t.equal((await one.logins.listByUser(person.userId)).length, before)
        const refreshed = await last.send('POST', '/token/refresh', {}, { refresh_token })
        for (const node of nodes)
          await assertName(t, node, { authorization: `Bearer ${String(refreshed.body['token'])}` }, newName)
        t.equal((await last.send('POST', '/token/login', {}, asUser(person))).status, 401)
        t.ok(await last.signIn('token', newName))
        const again = await last.send('POST', '/account/reauthenticate', person.own, { password: PASSWORD })
        t.equal(again.status, 200, 'and the password is asked for under the new name')
      }
    )

    await t.test('of two renames at once the one that is stored last is served', async (t) => {
      const person = await register(one)
      let second: Answer | undefined
      last.users.after('rename', async () => (second = await rename(one, person.own, `${person.username}-b`)))
      const first = await rename(last, person.own, `${person.username}-a`)
      t.same([first.status, second?.status], [200, 200])
      for (const node of nodes) await assertName(t, node, person.own, `${person.username}-b`)
    })

    await t.test('where it is not certain that nothing was stored, what is stored is served', async (t) => {
      const person = await register(one)
      last.users.after('rename', () => Promise.reject(new Error('the reply was lost')))
      const answer = await rename(last, person.own, `${person.username}-c`)
      t.match(answer.body, { statusCode: 503, code: 'DRAWBRIDGE_CREDENTIALS_UNAVAILABLE' })
      for (const node of nodes) await assertName(t, node, person.own, `${person.username}-c`)
    })

    await t.test('a name that is taken, and what is no name, changes nothing', async (t) => {
      const person = await register(one)
      const key = await one.send('POST', '/keys', person.own)
      t.equal((await rename(one, person.own, 'ADA')).status, 409)
      for (const name of ['', ' ', 7, null, undefined])
        t.equal((await rename(one, person.own, name)).status, 400)
      const authorization = `Bearer ${String(key.body['token'])}`
      t.match((await rename(one, { authorization }, 'kim')).body, { code: 'DRAWBRIDGE_KEY_NOT_ALLOWED' })
      t.equal(await nameAt(one, person.own), person.username)
      await one.credentials.remove?.({ userId: person.userId })
      t.equal((await rename(one, person.own, 'nobody')).status, 401)
    })
  })
}
