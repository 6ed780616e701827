import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { HttpError } from './errors.ts'
import { acceptFormsOnly } from './strict-form.ts'

/** The errors of RFC 6749 section 5.2, by the status of ours. */
const OAUTH_ERRORS: Readonly<Record<number, string>> = {
  400: 'invalid_request',
  401: 'invalid_client',
  413: 'invalid_request',
  415: 'invalid_request'
}

/** Makes the routes of a scope take forms, and respond as clients of OAuth expect it. */
export function speakOAuth(scope: FastifyInstance): void {
  acceptFormsOnly(scope)
  scope.setErrorHandler(sendOAuthError)
}

/** The error as we have it everywhere, whose member `error` is that of OAuth. Another one is for the application's handler. */
function sendOAuthError(error: HttpError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { statusCode = 500, code, message, headers = {} } = error
  const oauthError = OAUTH_ERRORS[statusCode]
  if (oauthError === undefined) throw error
  request.log.info({ err: error }, message)
  return reply.code(statusCode).headers(headers).send({ statusCode, code, error: oauthError, message })
}
