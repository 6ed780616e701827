import createError from '@fastify/error'
import { causeFrom, type HttpError } from '@drawbridge/carrier'

const StepRefused = createError<[string]>('DRAWBRIDGE_MIGRATION_STEP', '%s', 409, Error, false)

/** 409: the step of a migration was not taken. @param message says what stands in the way. */
export function stepRefused(message: string): HttpError {
  return new StepRefused(message)
}

const Gone = createError('DRAWBRIDGE_RETIRED', 'Gone', 410, Error, false)

/** 410: what was asked for is not given any more. */
export function gone(cause: string): HttpError {
  return new Gone({ cause: causeFrom(cause) })
}
