import type { FastifyInstance } from 'fastify'

export interface Health {
  /** What this service needs, by name; each check rejects when its server does not respond. */
  readonly pings: Readonly<Record<string, () => Promise<unknown>>>
  readonly isClosing: () => boolean
  /** Conditions that an operator should look at, by name; the node is ready all the same. */
  readonly warnings?: () => Readonly<Record<string, string>>
}

/** A probe that waits longer than its own deadline counts as failed anyway, and a hung server never responds. */
const PING_TIMEOUT_MS = 2000

/** How /docs describes them. */
const open = { tags: ['health'], security: [] } as const

/**
 * Live: this process responds. Ready: a load balancer may send it requests. On a stop signal, readiness is the first
 * to fail.
 */
export function healthRoutes(
  app: FastifyInstance,
  { pings, isClosing, warnings = () => ({}) }: Health
): void {
  app.get(
    '/health/live',
    { schema: { operationId: 'live', summary: 'Whether the process responds', ...open } },
    async () => ({
      status: 'live'
    })
  )

  app.get(
    '/health/ready',
    {
      schema: {
        operationId: 'ready',
        summary: 'Whether the stores respond, the feed is fresh and the clock right',
        ...open
      }
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store')
      const states = await pingAll(pings, request.log)
      const parts = { ...states, ...warnings() }
      const isReady = !isClosing() && Object.values(states).every((state) => state === 'up')
      if (isReady) return { status: 'ready', parts }
      return reply.code(503).header('retry-after', '1').send({
        statusCode: 503,
        error: 'Service Unavailable',
        message: 'Service Unavailable',
        parts
      })
    }
  )
}

/** The reason goes to the log only. */
async function pingAll(
  pings: Health['pings'],
  log: FastifyInstance['log']
): Promise<Record<string, 'up' | 'down'>> {
  const states = Object.entries(pings).map(async ([name, ping]) => {
    try {
      await withTimeout(ping())
      return [name, 'up'] as const
    } catch (error) {
      log.warn({ err: error, part: name }, 'not ready')
      return [name, 'down'] as const
    }
  })
  return Object.fromEntries(await Promise.all(states))
}

async function withTimeout(response: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no response within ${PING_TIMEOUT_MS} ms`)), PING_TIMEOUT_MS)
  })
  try {
    await Promise.race([response, timeout])
  } finally {
    clearTimeout(timer)
  }
}
