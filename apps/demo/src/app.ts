import { account } from '@drawbridge/account'
import { bridge } from '@drawbridge/bridge'
import { keyAuth } from '@drawbridge/key-auth'
import { sessionAuth } from '@drawbridge/session-auth'
import { tokenAuth } from '@drawbridge/token-auth'
import helmet from '@fastify/helmet'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { accountOptions } from './account.ts'
import { createDependencies } from './dependencies.ts'
import { closeIdleConnections } from './close-idle-connections.ts'
import type { Config } from './config.ts'
import { setErrorHandler } from './error-handler.ts'
import { allowInlineStyles, securityHeaders } from './headers.ts'
import { healthRoutes } from './health.ts'
import { logEvents } from './log-events.ts'
import { type LogStream, loggerOptions } from './logging.ts'
import { registerMigration } from './migration/register.ts'
import { nodeRoutes } from './nodes.ts'
import { greetingSchema, openApi } from './open-api.ts'
import { pageRoutes } from './page.ts'
import { rememberLimits } from './remember.ts'
import { createStoreMeter } from './store-meter.ts'

export interface AppOptions {
  /** Where log lines go. Default: standard output. */
  readonly logStream?: LogStream
}

/** Time in which a request must arrive whole. Fastify's default is unlimited: slow bodies would occupy connections. */
const REQUEST_TIMEOUT_MS = 30_000

/** The whole service, ready to listen. */
export async function buildApp(config: Config, { logStream }: AppOptions = {}): Promise<FastifyInstance> {
  const app = Fastify({
    ...loggerOptions(config.logLevel, logStream),
    trustProxy: config.trustProxy as boolean | string[],
    requestTimeout: REQUEST_TIMEOUT_MS,
    // While the service closes, requests on open connections are still served; only /health/ready fails.
    return503OnClosing: false
  })
  try {
    await registerAll(app, config)
  } catch (error) {
    await app.close()
    throw error
  }
  return app
}

/** The dependencies, and every route of the service. */
async function registerAll(app: FastifyInstance, config: Config): Promise<void> {
  const meter = config.isProduction ? null : createStoreMeter()
  const dependencies = await createDependencies(config, app.log, meter?.measure)
  const { credentials, logins, secret, keys, pings, warnings, close } = dependencies
  app.addHook('onClose', close)
  const isClosing = closeIdleConnections(app)
  setErrorHandler(app)
  await logEvents(app, config, dependencies.onError)
  meter?.report(app)
  // Loaded where it is used only: the SDK is large.
  if (config.metricsPort !== undefined) {
    const { serveMetrics } = await import('./metrics.ts')
    await serveMetrics(app, config, dependencies)
  }

  await app.register(helmet, securityHeaders)
  await app.register(swagger, openApi)
  await app.register(swaggerUi, { routePrefix: '/docs', transformStaticCSP: allowInlineStyles })
  await app.register(sessionAuth, {
    credentials,
    logins,
    secret,
    prefix: '/session',
    cookie: { name: config.cookieName, secure: config.isProduction },
    trustedOrigins: config.trustedOrigins,
    remember: rememberLimits(config),
    idleTimeoutSeconds: config.sessionIdleTimeoutSeconds,
    absoluteTimeoutSeconds: config.sessionAbsoluteTimeoutSeconds
  })
  await app.register(tokenAuth, {
    credentials,
    logins,
    secret,
    keys,
    prefix: '/token',
    issuer: config.issuer,
    audience: config.audience,
    accessTokenTtlSeconds: config.accessTokenTtlSeconds,
    clockSkewSeconds: config.clockSkewSeconds,
    refreshIdleTimeoutSeconds: config.refreshIdleTimeoutSeconds,
    refreshAbsoluteTimeoutSeconds: config.refreshAbsoluteTimeoutSeconds,
    refreshGraceSeconds: config.refreshGraceSeconds
  })
  await app.register(keyAuth, { logins, secret })
  await app.register(bridge, { exchange: ['session-for-token', 'token-for-session'] })
  await registerMigration(app, config, dependencies)
  const [bySession, byToken, byEither] = [app.sessionAuth.guard, app.tokenAuth.guard, app.bridge.guard]
  app.get(
    '/session/protected',
    { onRequest: bySession, schema: greetingSchema('greetSession', 'session') },
    greet
  )
  app.get('/token/protected', { onRequest: byToken, schema: greetingSchema('greetToken', 'token') }, greet)
  app.get('/protected', { onRequest: byEither, schema: greetingSchema('greet', 'bridge') }, greet)
  await app.register(account, accountOptions(app, config, dependencies))
  healthRoutes(app, { pings, warnings, isClosing })
  await pageRoutes(app, config)
  if (config.nodes.length > 0) nodeRoutes(app, config.nodes)
}

const greet = async (request: FastifyRequest) => ({ message: `Hello, ${request.principal?.username}!` })
