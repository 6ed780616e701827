import type { FastifyInstance } from 'fastify'

const SWEEP_INTERVAL_MS = 100

/**
 * Lets the service close as soon as the requests in flight are served. Node waits for every open connection, and
 * clients keep theirs open for the next request: the response asks them to close it, and connections that stay idle
 * are closed here.
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
