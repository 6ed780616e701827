/** An error as it appears in a log line, with the member names of pino. */
export type LoggedError = {
  /** Its name. */
  readonly type: string
  readonly code?: string | number
  readonly message: string
  readonly stack: string
  readonly causes?: readonly LoggedError[]
}

/** Bounds an error that is its own cause, and one that aggregates the errors of a thousand attempts. */
const MAX_DEPTH = 5
const MAX_CAUSES = 10

/**
 * The name, code, message and stack of an error and of its causes, and nothing else: libraries attach other data to
 * errors. ioredis attaches the arguments of the command (of AUTH: the password), Node the bytes of a malformed
 * request, Ajv what the client sent.
 */
export function describeError(error: unknown): LoggedError {
  return describe(error, 0)
}

function describe(error: unknown, depth: number): LoggedError {
  if (!(error instanceof Error)) return describeOther(error)
  const {
    name,
    code,
    message,
    stack,
    cause,
    errors = []
  } = error as NodeJS.ErrnoException & Partial<AggregateError>
  const causes =
    depth === MAX_DEPTH ? [] : [cause, ...errors].filter((each) => each !== undefined && each !== null)
  return {
    type: name,
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    message,
    stack: stack ?? '',
    ...(causes.length > 0 && { causes: causes.slice(0, MAX_CAUSES).map((each) => describe(each, depth + 1)) })
  }
}

/** Any value can be thrown. */
function describeOther(thrown: unknown): LoggedError {
  const isText = typeof thrown === 'string'
  return {
    type: typeof thrown,
    message: isText ? thrown : 'a value that is not an error was thrown',
    stack: ''
  }
}
