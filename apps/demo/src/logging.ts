import { type FastifyRequest, type FastifyServerOptions, LogController } from 'fastify'

/** Where a secret may stand in what a line of code hands to the logger, at the top or one level down. */
const SECRETS = [
  'authorization',
  'cookie',
  '["set-cookie"]',
  'headers.authorization',
  'headers.cookie',
  'headers["set-cookie"]',
  'body',
  'password',
  'token',
  'refresh_token',
  // The bytes of a request that is no HTTP, which Node hangs on the error.
  'rawPacket'
]

const everywhere = [
  ...SECRETS.flatMap((path) => [path, path.startsWith('[') ? `*${path}` : `*.${path}`]),
  // What a body that breaks its schema has in it: the name of a member, which is the client's to choose.
  'err.validation[*].params'
]

export interface LogStream {
  write(line: string): void
}

/** How the demo logs: what a client sent as a secret is in no line at any level. */
export function logging(
  level: string,
  stream?: LogStream
): Pick<FastifyServerOptions, 'logger' | 'logController'> {
  return {
    logger: {
      level,
      redact: { paths: everywhere, censor: '[redacted]' },
      serializers: { req: describeRequest },
      ...(stream === undefined ? {} : { stream })
    },
    logController: new PathLogController()
  }
}

function describeRequest(request: FastifyRequest) {
  return {
    method: request.method,
    path: pathOf(request),
    host: request.host,
    remoteAddress: request.ip
  }
}

/** Without the query, in which somebody may have put a token (RFC 6750 section 5.3 warns of it). */
function pathOf({ url }: { readonly url: string }): string {
  return url.split('?', 1)[0] as string
}

class PathLogController extends LogController {
  override routeNotFound(request: FastifyRequest): void {
    request.log.info(`no route ${request.method} ${pathOf(request)}`)
  }
}
