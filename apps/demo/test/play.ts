import type { Test } from 'tap'
import type { Client } from './clients/client.ts'
import { fixedPart, type Seen, type Step } from './script.ts'

/** Sends each request of a script and holds its answer against the one that is expected. */
export async function play(
  t: Test,
  client: Client,
  script: readonly Step[],
  expected: (step: Step) => Step['answer']
) {
  let seen: Seen = { cookie: '', token: '' }
  for (const step of script) {
    const answer = await client.send(step.ask(seen))
    const { status, message } = expected(step)
    const fixed = message === undefined ? { status } : { status, message }
    t.same(fixedPart(answer, fixed), fixed, step.name)
    if (step.keep) seen = { cookie: await client.cookies().catch(() => ''), token: String(answer.body.token) }
  }
}
