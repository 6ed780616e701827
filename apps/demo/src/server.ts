import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import { describeBootError } from './boot-error.ts'
import { type Config, readConfig } from './config.ts'

/** Once told to stop: how long requests under way may take before they are hung up on, and then the rest. */
const CLOSE_CONNECTIONS_MS = 5000
const EXIT_MS = 9000

async function main(): Promise<void> {
  const config = readConfig(process.env)
  const app = await buildApp(config)
  closeOnSignal(app)
  exitOnUncaught(app)
  await app.listen({
    host: config.host,
    port: config.port,
    listenTextResolver: (address) => `Drawbridge is at ${address} and its routes are at ${address}/docs`
  })
  warnIfExposed(app, config)
}

/** In development there is an account whose password everybody knows, and the cookie goes over plain http. */
function warnIfExposed(app: FastifyInstance, { host, isProduction }: Config): void {
  if (isProduction || /^(localhost|127\.|::1$)/.test(host)) return
  app.log.warn(`HOST ${host} may be reached from other machines, and this is not NODE_ENV=production`)
}

/** Node by itself would print all that a library has hung on the error. */
function exitOnUncaught(app: FastifyInstance): void {
  process.on('uncaughtException', (error) => {
    app.log.fatal({ err: error }, 'a fault that nothing caught: the process ends')
    process.exit(1)
  })
}

/** Answers what is under way, then ends. Ctrl-C in a terminal may reach us twice, by the shell and by pnpm. */
function closeOnSignal(app: FastifyInstance): void {
  let isClosing = false
  const close = (signal: NodeJS.Signals): void => {
    if (isClosing) return
    isClosing = true
    app.log.info(`${signal}: closing`)
    setTimeout(() => app.server.closeAllConnections(), CLOSE_CONNECTIONS_MS)
    setTimeout(() => process.exit(1), EXIT_MS)
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        app.log.error({ err: error }, 'not closed well')
        process.exit(1)
      }
    )
  }
  process.on('SIGTERM', close)
  process.on('SIGINT', close)
}

try {
  await main()
} catch (error) {
  console.error(`The demo cannot start: ${describeBootError(error)}`)
  process.exit(1)
}
