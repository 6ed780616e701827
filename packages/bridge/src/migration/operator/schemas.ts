import { errorSchemas, jsonBodyErrors } from '@drawbridge/carrier'
import { PHASES } from '@drawbridge/logins'

/* What the guard sends is described by describeErrors. */

const integer = (description: string) => ({ type: 'integer', description }) as const
const count = (description: string) => ({ ...integer(description), nullable: true }) as const
const ms = (description: string) => count(`${description}, ms since the epoch.`)

const phase = { type: 'string', enum: PHASES } as const

const statusSchema = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    phase,
    version: integer('How many steps were made.'),
    since: ms('When the last step was made'),
    by: { type: 'string', nullable: true, description: 'Who made it.' },
    isEverywhere: { type: 'boolean', description: 'Whether every node is in this phase.' },
    ledByOld: integer('Active logins about which the other system decides: they would be lost without it.'),
    ledByNew: integer('Active logins about which we decide.'),
    mayOldInstancesStart: {
      type: 'boolean',
      description: 'Whether instances of the other system may serve requests again.'
    },
    oldLogins: count('How many logins the other system has; null where it cannot say.'),
    acceptUntil: ms('From when its credentials are not accepted any more'),
    oldLastServedAt: ms('When a credential of it was last served'),
    deadAtLatest: ms('When the last credential of it expires at the latest; null where that is not known'),
    warnings: {
      type: 'array',
      items: { type: 'string' },
      description: 'What an operator should know beside the numbers.'
    },
    counts: {
      type: 'object',
      description: 'What was counted in each phase, by name.',
      additionalProperties: { type: 'object', additionalProperties: { type: 'integer' } }
    },
    next: {
      type: 'object',
      nullable: true,
      description: 'The step forth, and what stands in its way now.',
      properties: { phase, obstacle: { type: 'string', nullable: true } }
    }
  }
} as const

const params = { type: 'object', properties: { name: { type: 'string' } } } as const

const stepErrors = errorSchemas(['DRAWBRIDGE_MIGRATION_STEP'], {
  409: 'The step is not taken; the message says what stands in the way.'
})

export const listSchema = {
  summary: 'How far each migration is',
  description: 'Counts what is stored: for operators.',
  response: {
    200: {
      description: 'All of them.',
      type: 'object',
      properties: { migrations: { type: 'array', items: statusSchema } }
    }
  }
} as const

export const moveSchema = {
  summary: 'Take one step of a migration, forth or back',
  description: 'The response comes when every node is in the new phase, some seconds later.',
  params,
  body: {
    type: 'object',
    required: ['phase'],
    additionalProperties: false,
    properties: {
      phase,
      lose: { type: 'integer', minimum: 0, description: 'How many logins a step to `retired` may lose.' }
    }
  },
  response: {
    200: { ...statusSchema, description: 'The step is taken.' },
    ...errorSchemas(jsonBodyErrors),
    ...stepErrors
  }
} as const

export const barSchema = {
  summary: 'Refuse old credentials of all users that belong to no login here',
  description:
    'After a restore from a backup, which may lack what was revoked since. Their users sign in again.',
  body: {
    type: 'object',
    required: ['issuedUpTo'],
    additionalProperties: false,
    properties: {
      issuedUpTo: {
        type: 'integer',
        minimum: 0,
        maximum: 8_640_000_000_000_000,
        description: 'Those that were issued later count, ms since the epoch.'
      }
    }
  },
  response: {
    200: {
      description: 'The bar is there, and stays for as long as old credentials are accepted.',
      type: 'object',
      properties: { barredUpTo: { type: 'integer', description: 'ms since the epoch.' } }
    },
    ...errorSchemas(jsonBodyErrors),
    ...errorSchemas(['DRAWBRIDGE_MIGRATION_STEP'], {
      409: 'The moment is still to come, or no other system is moved from.'
    })
  }
} as const

export const sweepSchema = {
  summary: 'Revoke what the other system has ended, or, once it is retired, what it still led',
  description: 'Once it is retired there is no way back from here.',
  params,
  response: {
    200: {
      description: 'How many logins were revoked.',
      type: 'object',
      properties: { revokedCount: { type: 'integer' } }
    },
    ...stepErrors
  }
} as const
