import type { Test } from 'tap'
import type { Client } from './clients/client.ts'
import { stableFields, type ClientState, type Step } from './script.ts'

/** Sends each request of a script and compares its response with the expected one. */
export async function runScript(
  t: Test,
  client: Client,
  script: readonly Step[],
  expected: (step: Step) => Step['response']
) {
  let state: ClientState = { cookie: '', token: '' }
  for (const step of script) {
    const response = await client.send(step.request(state))
    const { status, message } = expected(step)
    const fixed = message === undefined ? { status } : { status, message }
    t.same(stableFields(response, fixed), fixed, step.name)
    if (step.store)
      state = { cookie: await client.cookies().catch(() => ''), token: String(response.body.token) }
  }
}
