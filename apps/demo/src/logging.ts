import { type FastifyRequest, type FastifyServerOptions, LogController } from 'fastify'
import { describeError } from './log-error.ts'

/** Where a secret may be in an object that is logged: at the top or one level down. */
const SECRET_PATHS = [
  'authorization',
  'cookie',
  '["set-cookie"]',
  'headers.authorization',
  'headers.cookie',
  'headers["set-cookie"]',
  'body',
  'password',
  'token',
  'access_token',
  'refresh_token'
]

const redactedPaths = SECRET_PATHS.flatMap((path) => [path, path.startsWith('[') ? `*${path}` : `*.${path}`])

export interface LogStream {
  write(line: string): void
}

/** Options of the logger: no secret that a client sent is in any line at any level. */
export function loggerOptions(
  level: string,
  stream?: LogStream
): Pick<FastifyServerOptions, 'logger' | 'logController'> {
  return {
    logger: {
      level,
      redact: { paths: redactedPaths, censor: '[redacted]' },
      serializers: { req: describeRequest, err: describeError },
      formatters: { log: describeErrors },
      ...(stream === undefined ? {} : { stream })
    },
    logController: new PathLogController()
  }
}

function describeRequest(request: FastifyRequest) {
  return {
    method: request.method,
    path: stripQuery(request),
    host: request.host,
    remoteAddress: request.ip
  }
}

/** Finds errors under other names than `err`, which no serializer would see. */
function describeErrors(line: Record<string, unknown>): Record<string, unknown> {
  const members = Object.entries(line).map(([name, value]) => [
    name,
    name !== 'err' && value instanceof Error ? describeError(value) : value
  ])
  return Object.fromEntries(members) as Record<string, unknown>
}

/** The URL without its query, which may contain a token (RFC 6750 section 5.3 warns of it). */
function stripQuery({ url }: { readonly url: string }): string {
  return url.split('?', 1)[0] as string
}

class PathLogController extends LogController {
  override routeNotFound(request: FastifyRequest): void {
    request.log.info(`no route ${request.method} ${stripQuery(request)}`)
  }
}
