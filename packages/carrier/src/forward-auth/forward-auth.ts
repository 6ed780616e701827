import type { FastifyInstance, FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import { unknownOriginal } from '../errors.ts'
import { setNoStore } from '../no-store.ts'
import { markPublic } from '../public-route.ts'
import { principalOf } from '../request-principal.ts'
import { createOriginalRequest } from './original-request.ts'
import { type ForwardAuthOptions, parseForwardAuthOptions } from './options.ts'
import { type OriginalTarget, readOriginalTarget } from './proxies.ts'
import { createUserHeaders } from './user-headers.ts'

/**
 * Plugin with a route that a proxy asks about each request to another service: nginx by `auth_request`, Traefik by ForwardAuth, Envoy
 * by `ext_authz`. It responds 200 with headers about the user, or as the guard would: 400, 401, 403 or 503. The origin is
 * judged by the method and the target of the original request; a cookie is no proof where the proxy names no origin. It sets
 * no cookie, and no document describes it. See {@link ForwardAuthOptions}.
 *
 * @throws OptionError where an option is wrong.
 * @example
 * await app.register(forwardAuth, { guard: app.bridge.guard({ scopes: ['reports'] }), proxy: 'nginx' })
 */
export async function forwardAuth(app: FastifyInstance, input: ForwardAuthOptions): Promise<void> {
  const options = parseForwardAuthOptions(input)
  const { proxy, path } = options
  markPublic(app)
  const onRequest = createCheck(app, options)
  // For @fastify/swagger: no client calls it.
  const schema: object = { hide: true }
  // Of any method, with or without a body: the hook responds before that is read.
  for (const url of proxy === 'envoy' ? [path, `${path}/*`] : [path])
    app.all(url, { onRequest, schema }, (_request, reply) => reply.code(500).send())
}

function createCheck(app: FastifyInstance, { guard, proxy, path, headers }: Required<ForwardAuthOptions>) {
  const routePath = app.prefix + path
  const warn = createWarning(app)
  return (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction) => {
    setNoStore(reply)
    closeAfterBody(request, reply)
    const target = readOriginalTarget(request, proxy, routePath)
    if (typeof target === 'string') {
      warn(target)
      return done(unknownOriginal(target))
    }
    const original = createOriginalRequest(request, target)
    guard(original, reply, (error) => {
      if (error !== undefined) {
        logTarget(reply, target)
        return done(error)
      }
      request.principal = original.principal
      sendUser(original, reply, headers, done)
    })
  }
}

/**
 * No proxy sends a body with its question. One that announces the client's all the same would send the next question in its place, on
 * a connection that stays open: what a client has written into that would be read as a request (request smuggling).
 */
function closeAfterBody({ headers, raw }: FastifyRequest, reply: FastifyReply): void {
  const { 'content-length': length = '0', 'transfer-encoding': coding } = headers
  if ((length !== '0' || coding !== undefined) && raw.httpVersionMajor === 1)
    reply.header('connection', 'close')
}

function sendUser(
  original: FastifyRequest,
  reply: FastifyReply,
  headers: Required<ForwardAuthOptions>['headers'],
  done: HookHandlerDoneFunction
): void {
  let fields
  try {
    fields = createUserHeaders(headers, principalOf(original))
  } catch (error) {
    return done(error as Error)
  }
  // Not 204: Envoy takes any status but 200 for a no.
  reply.code(200).headers(Object.fromEntries(fields)).send()
}

/** What is logged of this request from now on names the original one: without its query, which may have secrets. */
function logTarget(reply: FastifyReply, { method, uri }: OriginalTarget): void {
  const [path] = uri.split('?', 1)
  reply.log = reply.log.child({ original: { method, path } })
}

/** Once: whoever can reach the route could else fill the log. */
function createWarning({ log }: FastifyInstance): (header: string) => void {
  let isWarned = false
  return (header) => {
    if (!isWarned)
      log.warn(
        `A proxy asks about a request without naming its method, and gets 400: let its configuration set ${header}`
      )
    isWarned = true
  }
}
