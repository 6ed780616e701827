// A server process: starts one scenario, reports its URL and requests, and serves the calls of the run.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isScenario, scenarios } from '../scenarios/index.ts'
import type { Ready, Server, Setting, Usage } from './server.ts'

interface Call {
  readonly id: number
  readonly method: string
  readonly argument: never
}

async function main(name: string, settingText: string, folder: string): Promise<void> {
  if (!isScenario(name)) throw new Error(`unknown scenario ${name}`)
  const scenario = await scenarios[name]()
  // tsx turns source maps on; a service does not pay for them at each error that a library throws and catches.
  process.setSourceMapsEnabled(false)
  const server = await scenario(JSON.parse(settingText) as Setting)
  // Garbage from creating the credentials would otherwise retain garbage of requests, and be collected during an
  // arbitrary row.
  await collectGarbage()
  process.on('message', (message: Call) => void respond(server, message))
  process.on('disconnect', () => process.exit())
  process.send?.(toReady(server, join(folder, `${process.pid}.values`)))
}

function toReady({ url, requests: { values, ...rest } }: Server, file: string): Ready {
  writeFileSync(file, values.map((value) => `${value}\n`).join(''))
  return { url, requests: { ...rest, file, count: values.length, bytes: values[0]?.length ?? 0 } }
}

async function respond(server: Server, { id, method, argument }: Call): Promise<void> {
  try {
    process.send?.({ id, value: await call(server, method, argument) })
  } catch (error) {
    process.send?.({ id, error: error instanceof Error ? error.stack : String(error) })
  }
}

async function call({ methods = {} }: Server, method: string, argument: never): Promise<unknown> {
  if (method === 'usage') return usage()
  if (method === 'collectGarbage') return collectGarbage()
  const handler = methods[method]
  if (handler === undefined) throw new Error(`this server has no method ${method}`)
  return handler(argument)
}

function usage(): Usage {
  const { user, system } = process.cpuUsage()
  const { rss, heapUsed, external } = process.memoryUsage()
  return { cpuMicros: user + system, rssBytes: rss, heapBytes: heapUsed + external }
}

/** Collects garbage; a second time for what the first one released. */
async function collectGarbage(): Promise<Usage> {
  for (let turn = 0; turn < 3; turn++) {
    globalThis.gc?.()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return usage()
}

const [name = '', setting = '{}', folder = '.'] = process.argv.slice(2)
await main(name, setting, folder)
