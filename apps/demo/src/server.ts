import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import { describeBootError } from './boot-error.ts'
import { type Config, readConfig } from './config.ts'
import { devAccount } from './dev-account.ts'

/** After a stop signal: when the connections of requests in flight are closed, and when the process exits. */
const CLOSE_CONNECTIONS_MS = 5000
const EXIT_MS = 9000

async function main(): Promise<void> {
  const config = readConfig(process.env)
  const app = await buildApp(config)
  closeOnSignal(app)
  exitOnUncaught(app)
  const url = await app.listen({
    host: config.host,
    port: config.port,
    listenTextResolver: (address) => `Drawbridge is at ${address} and its routes are at ${address}/docs`
  })
  warnIfExposed(app, config)
  if (!config.isProduction) greetDeveloper(url)
}

/** Two lines for a person, among the lines of the log, which are JSON. */
function greetDeveloper(url: string): void {
  const { username, password } = devAccount
  console.log(`Open ${url} for the page, ${url}/docs for the routes.`)
  console.log(
    `Sign in as ${username} with the password ${password}, or create an account: a mail is a line here.`
  )
}

/** In development there is an account with a well-known password, and the cookie goes over plain http. */
function warnIfExposed(app: FastifyInstance, { host, isProduction }: Config): void {
  if (isProduction || /^(localhost|127\.|::1$)/.test(host)) return
  app.log.warn(`HOST ${host} may be reachable from other machines, and this is not NODE_ENV=production`)
}

/** By default Node would print all data that a library attached to the error. */
function exitOnUncaught(app: FastifyInstance): void {
  process.on('uncaughtException', (error) => {
    app.log.fatal({ err: error }, 'uncaught error: the process exits')
    process.exit(1)
  })
}

/** Serves the requests in flight, then exits. Ctrl-C in a terminal may arrive twice, from the shell and from pnpm. */
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
        app.log.error({ err: error }, 'closing failed')
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
