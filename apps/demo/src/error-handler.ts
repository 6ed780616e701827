import type { FastifyError, FastifyInstance } from 'fastify'

/**
 * Responds to errors in Fastify's own shape. Errors meant for the client are sent as they are, with their headers.
 * Anything else is an internal error: the client gets a bare 500, and the details go to the log.
 */
export function setErrorHandler(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    // Fastify's default handler runs next; it writes status, headers, log line and body.
    if (isClientError(error)) throw error
    request.log.error({ err: error }, 'fault')
    return reply.code(500).send({
      statusCode: 500,
      error: 'Internal Server Error',
      message: 'Internal Server Error'
    })
  })
}

/** Any value can be thrown. */
function isClientError(thrown: Partial<FastifyError> | null | undefined): boolean {
  const { statusCode = 500, code = '' } = thrown ?? {}
  return (statusCode >= 400 && statusCode < 500) || (statusCode === 503 && code.startsWith('DRAWBRIDGE_'))
}
