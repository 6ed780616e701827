import { until } from '@drawbridge/test-support/until'
import t, { type Test } from 'tap'
import { atEveryMoment } from './attacks/moments.ts'
import { collect, everyFlow, FLOWS, findId, type Person } from './attacks/people.ts'
import { type Credential, type Node, startService } from './start-service.ts'

const rename = (node: Node, credential: Credential, newUsername: unknown) =>
  node.send('POST', '/username', credential, { newUsername })

const nameAt = async (node: Node, credential: Credential) =>
  (await node.send('GET', '/me', credential)).body['username']

/** Whoever is written, read or issued while the user is renamed has the new name afterwards. */
async function assertRenamed(
  t: Test,
  nodes: readonly Node[],
  person: Person,
  newName: string
): Promise<void> {
  const userId =
    person.userId || (await findId(nodes[0] as Node, { ...person, username: newName })) || 'nobody'
  for (const node of nodes) {
    for (const { username } of await node.store.store.listByUser(userId)) t.equal(username, newName)
    for (const credential of person.credentials)
      await until(async () => [newName, undefined].includes((await nameAt(node, credential)) as string))
  }
}

for (const place of ['sqlite', 'postgres and redis'] as const) {
  t.test(`in flight on ${place}`, async (t) => {
    const { nodes } = await startService(t, place, everyFlow)
    const [one, other] = [nodes[0], nodes.at(-1) as Node]
    for (const [name, flow] of Object.entries(FLOWS)) {
      await t.test(`no principal keeps the old name: a rename in every moment of ${name}`, async (t) => {
        const moments = await atEveryMoment({
          node: other,
          prepare: () => flow.prepare(one, other),
          flow: ({ run }) => run(other),
          event: async ({ person }) => {
            const newName = `${person.username}-new`
            const userId = await findId(one, person)
            if (userId === undefined || (await rename(one, person.own, newName)).status !== 200) return null
            return newName
          },
          check: async ({ given: { person }, result, event, moment }) => {
            collect(person, result)
            if (event === undefined)
              return void t.equal(result.status, flow.status, 'undisturbed, it succeeds')
            if (event !== null) await t.test(moment, (t) => assertRenamed(t, nodes, person, event))
          }
        })
        t.comment(`${moments} moments`)
      })
    }
  })
}
