import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { buildApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import { buildNaiveNode } from './naive-node.ts'
import type { Environment } from './start-nodes.ts'

/* A process that runs one node after the other; SIGSTOP makes the node unresponsive. */

export type Command =
  | { readonly kind: 'begin'; readonly env: Environment; readonly isNaive: boolean }
  | { readonly kind: 'end' }

let app: FastifyInstance | null = null

async function run(command: Command): Promise<string> {
  await app?.close()
  app = null
  if (command.kind === 'end') return ''
  app = command.isNaive ? await buildNaiveNode(command.env) : await buildApp(readConfig(command.env))
  await app.listen({ host: '127.0.0.1', port: 0 })
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
}

process.on('message', (order: Command) => {
  void run(order).then(
    (url) => process.send?.({ url }),
    (error: unknown) => process.send?.({ error: String(error) })
  )
})
process.on('disconnect', () => process.exit())
