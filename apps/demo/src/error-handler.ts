import type { FastifyError, FastifyInstance } from 'fastify'

/**
 * Answers errors in Fastify's own shape. What is meant for the client goes out as it is, with its headers; anything
 * else is a fault of ours, of which the client learns nothing but that, and the log all.
 */
export function setErrorHandler(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    // Fastify's own handler comes next; it writes status, headers, log line and body.
    if (isClientError(error)) throw error
    request.log.error({ err: error }, 'fault')
    return reply.code(500).send({
      statusCode: 500,
      error: 'Internal Server Error',
      message: 'Internal Server Error'
    })
  })
}

/** Anything at all may have been thrown. */
function isClientError(thrown: Partial<FastifyError> | null | undefined): boolean {
  const { statusCode = 500, code = '' } = thrown ?? {}
  return (statusCode >= 400 && statusCode < 500) || (statusCode === 503 && code.startsWith('DRAWBRIDGE_'))
}
