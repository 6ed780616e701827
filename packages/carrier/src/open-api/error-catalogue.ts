/** An error as a document describes it. */
export interface DescribedError {
  readonly statusCode: number
  /** As clients get it; one of several where it differs. */
  readonly message: string
  /** When it is sent. */
  readonly description: string
}

/** The errors that clients of our routes and guards can get, by code: those of docs/errors.md, and Fastify's. */
const catalogue = {
  FST_ERR_VALIDATION: {
    statusCode: 400,
    message: "body must have required property 'password'",
    description: 'The body does not match its schema.'
  },
  FST_ERR_CTP_INVALID_JSON_BODY: {
    statusCode: 400,
    message: "Body is not valid JSON but content-type is set to 'application/json'",
    description: 'The body is not JSON.'
  },
  DRAWBRIDGE_MALFORMED_BODY: {
    statusCode: 400,
    message: 'Bad Request',
    description: 'The body is not UTF-8, or starts with a byte order mark.'
  },
  DRAWBRIDGE_MALFORMED_CREDENTIALS: {
    statusCode: 400,
    message: 'password must be text, and not too long',
    description: 'No account can have such credentials; the message says which.'
  },
  DRAWBRIDGE_MALFORMED_KEY: {
    statusCode: 400,
    message: 'name must be 1 to 100 visible characters',
    description: 'No personal access token can be made of this; the message says which member is wrong.'
  },
  DRAWBRIDGE_PASSWORD_POLICY: {
    statusCode: 400,
    message: 'The password must have at least 15 characters.',
    description: 'The new password does not meet the policy; the message says why.'
  },
  DRAWBRIDGE_INVALID_ONE_TIME_TOKEN: {
    statusCode: 400,
    message: 'The token is not valid, or was used',
    description: 'The token is not valid, has expired, or was used.'
  },
  DRAWBRIDGE_AMBIGUOUS_CREDENTIAL: {
    statusCode: 400,
    message: 'Bad Request',
    description: 'Credentials are presented that contradict one another.'
  },
  DRAWBRIDGE_TWO_USERS: {
    statusCode: 400,
    message: 'Bad Request',
    description: 'A token and a session of different users are presented.'
  },
  DRAWBRIDGE_INVALID_LOGOUT_TOKEN: {
    statusCode: 400,
    message: 'The logout token is not valid',
    description: 'A logout token is not valid, or was accepted before.'
  },
  DRAWBRIDGE_UNKNOWN_ORIGINAL: {
    statusCode: 400,
    message: 'The proxy must name the method of the original request',
    description: 'A proxy asks about a request, and does not name its method.'
  },
  DRAWBRIDGE_UNAUTHORIZED: {
    statusCode: 401,
    message: 'Unauthorized',
    description: 'No credential is presented, or one that is not valid.'
  },
  DRAWBRIDGE_REAUTHENTICATE: {
    statusCode: 401,
    message: 'The user must authenticate again',
    description: 'The login is active, and its user authenticated too long ago.'
  },
  DRAWBRIDGE_INVALID_CREDENTIALS: {
    statusCode: 401,
    message: 'Invalid credentials',
    description: 'The credentials are not valid.'
  },
  DRAWBRIDGE_INVALID_CLIENT: {
    statusCode: 401,
    message: 'Client authentication failed',
    description: 'The service that asks has not authenticated.'
  },
  DRAWBRIDGE_CROSS_ORIGIN: {
    statusCode: 403,
    message: 'Forbidden',
    description: 'A page of another origin may have sent the request.'
  },
  DRAWBRIDGE_WRONG_PASSWORD: {
    statusCode: 403,
    message: 'The current password is wrong',
    description: 'The current password is wrong.'
  },
  DRAWBRIDGE_INSUFFICIENT_SCOPE: {
    statusCode: 403,
    message: 'Forbidden',
    description: 'The login lacks a scope.'
  },
  DRAWBRIDGE_KEY_NOT_ALLOWED: {
    statusCode: 403,
    message: 'A personal access token may not do this',
    description: 'A personal access token is presented, where a user must be signed in.'
  },
  DRAWBRIDGE_USERNAME_TAKEN: {
    statusCode: 409,
    message: 'Conflict',
    description: 'The username is taken.'
  },
  DRAWBRIDGE_TOO_MANY_KEYS: {
    statusCode: 409,
    message: 'The user has as many personal access tokens as are allowed',
    description: 'The user has as many personal access tokens as are allowed.'
  },
  DRAWBRIDGE_MIGRATION_STEP: {
    statusCode: 409,
    message: 'express is "old": its tokens are not exchanged yet',
    description: 'A migration has not come so far; the message says what stands in the way.'
  },
  DRAWBRIDGE_ALREADY_CARRIED: {
    statusCode: 409,
    message: 'Conflict',
    description: 'The login has a credential of this kind that cannot be given again.'
  },
  DRAWBRIDGE_RETIRED: {
    statusCode: 410,
    message: 'Gone',
    description: 'What was asked for is not given any more.'
  },
  FST_ERR_CTP_BODY_TOO_LARGE: {
    statusCode: 413,
    message: 'Request body is too large',
    description: 'The body is larger than 16 KiB.'
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    statusCode: 415,
    message: 'Unsupported Media Type',
    description: 'The body is of another type.'
  },
  DRAWBRIDGE_UNSUPPORTED_BODY: {
    statusCode: 415,
    message: 'Unsupported Media Type',
    description: 'The body is in another charset, compressed, or with two types.'
  },
  DRAWBRIDGE_TOO_MANY_ATTEMPTS: {
    statusCode: 429,
    message: 'Too Many Requests',
    description: 'Too many attempts failed; try again after `Retry-After` seconds.'
  },
  DRAWBRIDGE_BUSY: {
    statusCode: 503,
    message: 'Service Unavailable',
    description: 'Too many sign-ins are in progress; try again after `Retry-After` seconds.'
  },
  DRAWBRIDGE_CREDENTIALS_UNAVAILABLE: {
    statusCode: 503,
    message: 'Service Unavailable',
    description: 'The store of users is down; try again after `Retry-After` seconds.'
  },
  DRAWBRIDGE_LOGINS_UNAVAILABLE: {
    statusCode: 503,
    message: 'Service Unavailable',
    description: 'The store of logins is down; try again after `Retry-After` seconds.'
  }
} as const satisfies Readonly<Record<string, DescribedError>>

export type ErrorCode = keyof typeof catalogue

export const errorCatalogue: Readonly<Record<ErrorCode, DescribedError>> = catalogue

/** The codes by status, in the order given. */
export function groupByStatus(codes: readonly ErrorCode[]): ReadonlyMap<number, readonly ErrorCode[]> {
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of codes) {
    const { statusCode } = errorCatalogue[code]
    byStatus.set(statusCode, [...(byStatus.get(statusCode) ?? []), code])
  }
  return byStatus
}

/** Of several errors with one status. */
export function describeCodes(codes: readonly ErrorCode[]): string {
  return codes.map((code) => errorCatalogue[code].description).join(' ')
}
