/*
 * Whatever ends all logins of a user, at one node, in every moment of whatever gives the user a credential, at another; and the
 * other way round. A moment is before or after each call of the users, of the logins or of the feed.
 */
import { until } from '@drawbridge/test-support/until'
import t, { type Test } from 'tap'
import {
  type Answer,
  type Credential,
  NEXT_PASSWORD,
  type Node,
  PASSWORD,
  renewed,
  startService
} from '../start-service.ts'
import { atEveryMoment, type Run } from './moments.ts'
import { collect, complete, everyFlow, findId, FLOWS, type Flow, type Person, resetToken } from './people.ts'

/** What an ending has led to. */
interface Ended {
  /** False where it could not be, such as a change after somebody else's: the logins are as that has left them. */
  readonly isDone: boolean
  /** The credential of the only login that stays. */
  readonly spared?: Credential
}

type Ending = (one: Node, person: Person) => Promise<Ended>

const NOT_DONE = { isDone: false }

const byOperator =
  (method: 'disable' | 'remove'): Ending =>
  async (one, person) => {
    const userId = await findId(one, person)
    if (userId === undefined || !(await one.credentials[method]?.({ userId }))?.ok) return NOT_DONE
    await one.logins.revokeUser(userId)
    return { isDone: true }
  }

const ENDINGS: Readonly<Record<string, Ending>> = {
  'the operator disables the user': byOperator('disable'),
  'the operator removes the user': byOperator('remove'),
  'the user deletes the account': async (one, { own }) => {
    const { status } = await one.send('DELETE', '/account', own)
    return { isDone: status === 204 }
  },
  'the user resets the password': async (one, person) => {
    if (person.userId === '') return NOT_DONE
    const token = await resetToken(one, person)
    const { status } = await one.send(
      'POST',
      '/account/password/reset',
      {},
      { token, newPassword: NEXT_PASSWORD }
    )
    return { isDone: status === 200 }
  },
  'the user changes the password': async (one, { own }) => {
    const change = { currentPassword: PASSWORD, newPassword: NEXT_PASSWORD }
    const answer = await one.send('POST', '/account/password', own, change)
    return answer.status === 200 ? { isDone: true, spared: renewed(own, answer) } : NOT_DONE
  }
}

/** What must be true after an ending that was done, whatever happened at the same time. */
async function assertEnded(
  t: Test,
  nodes: readonly Node[],
  person: Person,
  { spared }: Ended
): Promise<void> {
  const [one] = nodes as [Node]
  const userId = person.userId || (await findId(one, person)) || 'nobody'
  const left = await one.store.store.listByUser(userId)
  t.equal(left.length, spared === undefined ? 0 : 1, 'no other login is stored')
  for (const node of nodes) {
    for (const credential of person.credentials)
      await until(async () => (await node.me(credential)) === 401, 10_000)
    for (const refresh_token of person.refreshTokens)
      t.equal((await node.send('POST', '/token/refresh', {}, { refresh_token })).status, 401)
    for (const [carrier, ticket] of person.tickets)
      t.equal((await complete(node, carrier, ticket)).status, 401)
    if (spared !== undefined) t.equal(await node.me(spared), 200, 'the login in hand stays')
  }
}

interface Given {
  readonly person: Person
  readonly run: (node: Node) => Promise<Answer>
}

/** The flow is interrupted by the ending. */
function interruptFlow(t: Test, nodes: readonly [Node, Node], flow: Flow, end: Ending): Promise<number> {
  const [one, other] = nodes
  return atEveryMoment<Given, Answer, Ended>({
    node: other,
    prepare: () => flow.prepare(one, other),
    flow: ({ run }) => run(other),
    event: ({ person }) => end(one, person),
    check: async ({ given: { person }, result, event, moment }) => {
      collect(person, result)
      if (event === undefined) return void t.equal(result.status, flow.status, 'undisturbed, it succeeds')
      if (event.isDone) await t.test(moment, (t) => assertEnded(t, nodes, person, event))
    }
  })
}

/** The ending is interrupted by the flow. */
function interruptEnding(t: Test, nodes: readonly [Node, Node], flow: Flow, end: Ending): Promise<number> {
  const [one, other] = nodes
  return atEveryMoment<Given, Ended, Answer>({
    node: one,
    prepare: () => flow.prepare(one, other),
    flow: ({ person }) => end(one, person),
    event: ({ run }) => run(other),
    check: async ({ given: { person }, result, event, moment }: Run<Given, Ended, Answer>) => {
      if (event !== undefined) collect(person, event)
      if (result.isDone) await t.test(moment, (t) => assertEnded(t, nodes, person, result))
    }
  })
}

/** A place of its own is a test file of its own: on a busy machine both take longer than one file may. */
export function testEveryEnding(title: string, place: 'sqlite' | 'postgres and redis'): void {
  t.test(title, async (t) => {
    const { nodes } = await startService(t, place, everyFlow)
    const pair = [nodes[0], nodes.at(-1) as Node] as const
    for (const [ending, end] of Object.entries(ENDINGS)) {
      for (const [name, flow] of Object.entries(FLOWS)) {
        await t.test(`${ending}, in every moment of ${name}`, async (t) => {
          const during = await interruptFlow(t, pair, flow, end)
          const around = await interruptEnding(t, pair, flow, end)
          t.comment(`${during} moments of it, and ${around} of the ending`)
        })
      }
    }
  })
}
