import { join } from 'node:path'
import t, { type Test } from 'tap'
import { createCurlClient, noCurl } from './clients/curl-client.ts'
import { createFetchClient } from './clients/fetch-client.ts'
import { runScript } from './run-script.ts'
import { sessionScript, tokenScript } from './script.ts'
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
      `the small ${carrier} service responds to ${clientName} as the script says`,
      { skip: skip || noFlask },
      async (t) => {
        await runScript(
          t,
          await create(t, service?.url ?? ''),
          scripts[carrier],
          (step) => step.before ?? step.response
        )
      }
    )
    t.test(`the demo responds to ${clientName} by ${carrier} as the script says`, { skip }, async (t) => {
      await runScript(t, await create(t, demo.url), scripts[carrier], (step) => step.response)
    })
  }
}
