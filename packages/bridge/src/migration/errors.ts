import createError from '@fastify/error'
import { causeFrom, type HttpError } from '@drawbridge/carrier'

/** 409: the step of a migration was not taken. The message says what stands in the way. */
export const MigrationStepError = createError<[string]>('DRAWBRIDGE_MIGRATION_STEP', '%s', 409)

const Gone = createError('DRAWBRIDGE_RETIRED', 'Gone', 410, Error, false)

/** 410: what was asked for is not given any more. */
export function gone(cause: string): HttpError {
  return new Gone({ cause: causeFrom(cause) })
}
