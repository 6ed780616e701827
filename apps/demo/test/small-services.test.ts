import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Client } from './clients/client.ts'
import { createCurlClient, noCurl } from './clients/curl-client.ts'
import { createFetchClient } from './clients/fetch-client.ts'
import { fixedPart, type Seen, sessionScript, type Step, tokenScript } from './script.ts'
import { makeDataDir, startDemo } from './start-demo.ts'
import { noFlask, startFlask } from './start-flask.ts'

const scripts = { session: sessionScript, token: tokenScript }

const clients = {
  fetch: { skip: false, create: async (_t: Test, url: string) => createFetchClient(url) },
  curl: {
    skip: noCurl,
    create: async (t: Test, url: string) => createCurlClient(url, join(await makeDataDir(t), 'jar.txt'))
  }
} as const

const demo = await startDemo(t)

for (const carrier of ['session', 'token'] as const) {
  const service = noFlask ? null : await startFlask(t, carrier)
  for (const [clientName, { skip, create }] of Object.entries(clients)) {
    t.test(
      `the small ${carrier} service answers ${clientName} as the script says`,
      { skip: skip || noFlask },
      async (t) => {
        await play(
          t,
          await create(t, service?.url ?? ''),
          scripts[carrier],
          (step) => step.before ?? step.answer
        )
      }
    )
    t.test(`the demo answers ${clientName} by ${carrier} as the script says`, { skip }, async (t) => {
      await play(t, await create(t, demo.url), scripts[carrier], (step) => step.answer)
    })
  }
}

async function play(
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
