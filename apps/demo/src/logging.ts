import { type FastifyRequest, type FastifyServerOptions, LogController } from 'fastify'
import { describeError } from './log-error.ts'

/** Where a secret may stand in what a line of code hands to the logger, at the top or one level down. */
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
  'refresh_token'
]

const redactedPaths = SECRET_PATHS.flatMap((path) => [path, path.startsWith('[') ? `*${path}` : `*.${path}`])

export interface LogStream {
  write(line: string): void
}

/** How the demo logs: what a client sent as a secret is in no line at any level. */
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

/** An error by another name than `err`, which no serializer would see. */
function describeErrors(line: Record<string, unknown>): Record<string, unknown> {
  const members = Object.entries(line).map(([name, value]) => [
    name,
    name !== 'err' && value instanceof Error ? describeError(value) : value
  ])
  return Object.fromEntries(members) as Record<string, unknown>
}

/** Without the query, in which somebody may have put a token (RFC 6750 section 5.3 warns of it). */
function stripQuery({ url }: { readonly url: string }): string {
  return url.split('?', 1)[0] as string
}

class PathLogController extends LogController {
  override routeNotFound(request: FastifyRequest): void {
    request.log.info(`no route ${request.method} ${stripQuery(request)}`)
  }
}
