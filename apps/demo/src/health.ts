import type { FastifyInstance } from 'fastify'

export interface Health {
  /** Rejects when a store or the feed does not answer. */
  readonly ping: () => Promise<unknown>
  readonly isClosing: () => boolean
}

/**
 * Live: this process answers. Ready: it can do its work, so a balancer may send it requests; the first thing that
 * ends when it is told to stop.
 */
export function healthRoutes(app: FastifyInstance, { ping, isClosing }: Health): void {
  app.get(
    '/health/live',
    { schema: { summary: 'Whether the process answers', tags: ['health'] } },
    async () => ({
      status: 'live'
    })
  )

  app.get(
    '/health/ready',
    { schema: { summary: 'Whether the stores and the feed answer', tags: ['health'] } },
    async (request, reply) => {
      reply.header('cache-control', 'no-store')
      if (!isClosing() && (await answers(ping, request.log))) return { status: 'ready' }
      return reply.code(503).header('retry-after', '1').send({
        statusCode: 503,
        error: 'Service Unavailable',
        message: 'Service Unavailable'
      })
    }
  )
}

async function answers(ping: Health['ping'], log: FastifyInstance['log']): Promise<boolean> {
  try {
    await ping()
    return true
  } catch (error) {
    log.error({ err: error }, 'not ready')
    return false
  }
}
