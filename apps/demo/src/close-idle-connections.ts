import type { FastifyInstance } from 'fastify'

const SWEEP_INTERVAL_MS = 100

/**
 * Lets the service close as soon as what is under way is answered. Node waits for every connection that is open,
 * and a client keeps its own open for the next request: the answer tells it not to, and those that are idle all
 * the same are hung up on.
 *
 * @returns whether the service is closing.
 */
export function closeIdleConnections(app: FastifyInstance): () => boolean {
  let isClosing = false
  let timer: NodeJS.Timeout | undefined
  app.addHook('preClose', async () => {
    isClosing = true
    timer = setInterval(() => app.server.closeIdleConnections(), SWEEP_INTERVAL_MS)
  })
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (isClosing) reply.header('connection', 'close')
    done(null, payload)
  })
  app.addHook('onClose', async () => clearInterval(timer))
  return () => isClosing
}
