import t, { type Test } from 'tap'
import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import { sendRequest, type Response } from './ask.ts'
import { account } from './build-demo.ts'
import { startDemo } from './start-demo.ts'
import { sharedEnvironment } from './start-nodes.ts'
import type { RunningProcess } from '@drawbridge/test-support/processes/start-process'

if (skipWithoutRedis) {
  t.plan(0, skipWithoutRedis)
  process.exit(0)
}

const OLD = 'the root secret of last year 0123456789'
const NEW = 'the root secret of this year 9876543210'

/** A user with a browser and an API client, who uses both at every node and stores the credentials of the responses. */
class Person {
  readonly #jar = new Map<string, string>()
  #tokens: Readonly<Record<string, unknown>> = {}
  readonly statuses: number[] = []

  async logIn(url: string): Promise<void> {
    this.#keep(await sendRequest(`${url}/session/login`, { method: 'POST', json: account }))
    this.#tokens = this.#keep(await sendRequest(`${url}/token/login`, { method: 'POST', json: account })).body
  }

  async useAll(url: string): Promise<void> {
    const cookie = [...this.#jar].map(([name, value]) => `${name}=${value}`).join('; ')
    this.#keep(await sendRequest(`${url}/session/protected`, { headers: { cookie } }))
    const json = { refresh_token: this.#tokens.refresh_token }
    this.#tokens = this.#keep(await sendRequest(`${url}/token/refresh`, { method: 'POST', json })).body
    const authorization = `Bearer ${String(this.#tokens.token)}`
    this.#keep(await sendRequest(`${url}/token/protected`, { headers: { authorization } }))
  }

  #keep(response: Response): Response {
    this.statuses.push(response.status)
    for (const line of [response.headers['set-cookie'] ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      this.#jar.set(name, value)
    }
    return response
  }
}

/** Two nodes in processes of their own, restarted one at a time. */
async function startTwo(t: Test, env: Readonly<Record<string, string>>) {
  const start = (secrets: string) => startDemo(t, { ...env, DRAWBRIDGE_SECRET: secrets })
  const nodes = [await start(OLD), await start(OLD)] as [RunningProcess, RunningProcess]
  return {
    urls: () => nodes.map(({ url }) => url),
    roll: async (secrets: string, afterEach: () => Promise<void>) => {
      for (const at of [0, 1] as const) {
        await nodes[at].stop('SIGTERM')
        nodes[at] = await start(secrets)
        await afterEach()
      }
    }
  }
}

t.test(
  'T23: the root secret is rotated on two nodes by the steps of docs/scaling.md, and no request gets a 401',
  async (t) => {
    const redis = await startRedis()
    t.teardown(() => redis.stop())
    const env = await sharedEnvironment(t, `redis://127.0.0.1:${redis.port}`, { REFRESH_GRACE_SECONDS: '0' })
    const service = await startTwo(t, env)
    const people: Person[] = []
    /** A user signs in at each node, and all users so far are accepted by every node. */
    const use = async () => {
      for (const url of service.urls()) {
        const person = new Person()
        await person.logIn(url)
        people.push(person)
      }
      for (const person of people) for (const url of service.urls()) await person.useAll(url)
    }

    await use()
    for (const [step, secrets] of [
      ['one: every node verifies the new secret', `${OLD},${NEW}`],
      ['two: the new secret signs', `${NEW},${OLD}`],
      ['three: the old secret is removed', NEW]
    ] as const) {
      await service.roll(secrets, use)
      const refused = people.flatMap(({ statuses }) => statuses).filter((status) => status !== 200)
      t.same(refused, [], `step ${step}`)
    }
  }
)
