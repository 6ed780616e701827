import type { FastifyInstance, FastifyRequest } from 'fastify'

/** Longer than a node takes that waits for its store and then gives up. */
const TIMEOUT_MS = 5000

/** Of a request, what another node needs to authenticate it. */
const CREDENTIALS = ['cookie', 'authorization'] as const
/** Of a response, what the page shows. */
const RESULTS = ['content-type', 'server-timing', 'www-authenticate'] as const

/**
 * `GET /nodes/:number/protected` asks another node of the cluster for `/protected` with the credentials of the request, so that
 * a page of one node can see that the others know its login, although they are other origins. For the nodes that `cluster`
 * starts on one machine; the addresses are those of the configuration alone.
 */
export function nodeRoutes(app: FastifyInstance, nodes: readonly string[]): void {
  app.get<{ Params: { number: string } }>(
    '/nodes/:number/protected',
    { schema: { hide: true } },
    async (request, reply) => {
      const node = nodes[Number(request.params.number) - 1]
      if (node === undefined) return reply.callNotFound()
      reply.headers({ 'cache-control': 'no-store', vary: 'Cookie, Authorization' })
      const result = await askNode(`${node}/protected`, request)
      if (result === null) {
        const message = 'The node does not respond'
        return reply.code(503).send({ statusCode: 503, error: 'Service Unavailable', message })
      }
      const { response, body } = result
      for (const name of RESULTS) {
        const value = response.headers.get(name)
        if (value !== null) reply.header(name, value)
      }
      return reply.code(response.status).send(body)
    }
  )
}

/** Null where the node does not respond, or not to the end. */
async function askNode(
  url: string,
  { headers }: FastifyRequest
): Promise<{ readonly response: Response; readonly body: string } | null> {
  const sent = CREDENTIALS.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]]))
  try {
    const response = await fetch(url, {
      headers: Object.fromEntries(sent) as Record<string, string>,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS)
    })
    return { response, body: await response.text() }
  } catch {
    return null
  }
}
