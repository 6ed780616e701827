/** What a line of the log has of an error, in the words of pino. */
export type LoggedError = {
  /** Its name. */
  readonly type: string
  readonly code?: string | number
  readonly message: string
  readonly stack: string
  readonly causes?: readonly LoggedError[]
}

/** An error that is its own cause ends here, and so does one that gathers the errors of a thousand tries. */
const MAX_DEPTH = 5
const MAX_CAUSES = 10

/**
 * Its name, code, message, stack and the same of its causes: nothing else, for libraries hang on an error whatever
 * they had at hand. ioredis has the arguments of the command there (of AUTH: the password), Node the bytes of a
 * request that is no HTTP, Ajv what the client sent.
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

/** Anything at all can be thrown. */
function describeOther(thrown: unknown): LoggedError {
  const isText = typeof thrown === 'string'
  return { type: typeof thrown, message: isText ? thrown : 'what was thrown is no error', stack: '' }
}
