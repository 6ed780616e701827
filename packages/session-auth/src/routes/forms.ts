import { isForm, nextPath, withQuery } from '@drawbridge/carrier'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ParsedOptions } from '../options.ts'

type Forms = NonNullable<ParsedOptions['forms']>

/** The classes of errors that a page can say something about. Any other error is sent as it is, a 403 among them. */
const ERRORS: Readonly<Record<number, string>> = {
  400: 'malformed',
  401: 'invalid-credentials',
  429: 'too-many-attempts',
  503: 'unavailable'
}

/** Sends the browser back to the page with the form when a sign-in by form fails. */
export function redirectFailedForms(scope: FastifyInstance, { page }: Forms): void {
  scope.setErrorHandler((failure: FastifyError, request, reply) => {
    const { statusCode = 500 } = failure
    const error = isForm(request) ? ERRORS[statusCode] : undefined
    // To the error handler of the service.
    if (error === undefined) throw failure
    request.log[statusCode >= 500 ? 'error' : 'info']({ err: failure }, 'a sign-in by form failed')
    const next = nextPath(request, '')
    // The route's own path and not that of the request, in which a lenient router may have passed over a slash.
    const form = page ?? request.routeOptions.url ?? '/'
    return reply.redirect(withQuery(form, { error, ...(next !== '' && { next }) }), 303)
  })
}

/** A form sends a box that is ticked as text, and one that is not not at all. Any other text is malformed. */
export function readCheckbox(scope: FastifyInstance, name: string): void {
  scope.addHook('preValidation', async (request) => {
    const form = request.body as Record<string, unknown> | undefined
    if (isForm(request) && (form?.[name] === 'on' || form?.[name] === 'true')) form[name] = true
  })
}

/** Sends the browser on where the body was a form; otherwise the body of the response. */
export function sendOrRedirect(
  request: FastifyRequest,
  reply: FastifyReply,
  location: string | undefined,
  body: object
): object {
  return location !== undefined && isForm(request) ? reply.redirect(location, 303) : body
}
