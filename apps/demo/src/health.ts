import type { FastifyInstance } from 'fastify'

export interface Health {
  /** By name what this service needs; each rejects when it does not answer. */
  readonly pings: Readonly<Record<string, () => Promise<unknown>>>
  readonly isClosing: () => boolean
  /** By name what somebody should look at, though the node can do its work. */
  readonly warnings?: () => Readonly<Record<string, string>>
}

/** A probe that waits longer than its own deadline counts as failed anyway, and a hung server never answers. */
const PING_TIMEOUT_MS = 2000

/**
 * Live: this process answers. Ready: it can do its work, so a balancer may send it requests; the first thing that
 * ends when it is told to stop.
 */
export function healthRoutes(
  app: FastifyInstance,
  { pings, isClosing, warnings = () => ({}) }: Health
): void {
  app.get(
    '/health/live',
    { schema: { summary: 'Whether the process answers', tags: ['health'] } },
    async () => ({
      status: 'live'
    })
  )

  app.get(
    '/health/ready',
    {
      schema: {
        summary: 'Whether the stores answer, the feed is fresh and the clock right',
        tags: ['health']
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

/** What is wrong, and where it is, stays with us. */
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

async function withTimeout(answer: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PING_TIMEOUT_MS} ms`)), PING_TIMEOUT_MS)
  })
  try {
    await Promise.race([answer, timeout])
  } finally {
    clearTimeout(timer)
  }
}
