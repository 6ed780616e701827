import type { FastifyInstance } from 'fastify'
import type { Carrier } from '@drawbridge/logins'

/*
 * What our routes, and those behind our guards, say of themselves to @fastify/swagger. Nothing of it is read without.
 */

/** What an OpenAPI document has beside what Fastify reads of a schema. */
interface OpenApiFields {
  readonly operationId?: string
  readonly tags?: readonly string[]
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[]
}

/** What a document is to know of a scope of ours. */
export interface ScopeDescription {
  /** What its routes are filed under. */
  readonly tags: readonly string[]
  /** What its carrier is, by the name of the scheme, in an OpenAPI document. */
  readonly schemes: Readonly<Record<string, object>>
}

/** The document that @fastify/swagger is making, of either kind. */
interface DocumentDraft {
  readonly schema: object
  readonly url: string
  readonly openapiObject?: { readonly components: { securitySchemes?: object } }
  readonly swaggerObject?: { securityDefinitions?: object }
}

/**
 * Names the routes of a scope by their paths, which are one for each, and puts them under tags. A transform that the
 * service has for its own schemas is not for these, which are JSON Schema whatever provider of types it uses (M9); theirs
 * defines the schemes that the service has not defined, without which @fastify/swagger fails on routes that name them.
 */
export function describeRoutes(scope: FastifyInstance, { tags, schemes }: ScopeDescription): void {
  const swaggerTransform = ({ schema, url, openapiObject, swaggerObject }: DocumentDraft) => {
    if (openapiObject !== undefined)
      openapiObject.components.securitySchemes = { ...schemes, ...openapiObject.components.securitySchemes }
    if (swaggerObject !== undefined)
      swaggerObject.securityDefinitions = { ...schemes, ...swaggerObject.securityDefinitions }
    return { schema, url }
  }
  scope.addHook('onRoute', (route) => {
    const fields: OpenApiFields = {
      operationId: toOperationId(route.url),
      ...(tags.length > 0 && { tags })
    }
    route.schema = { ...fields, ...route.schema }
    route.config = { ...route.config, swaggerTransform } as typeof route.config & object
  })
}

/** `/session/login/second-factor` is `sessionLoginSecondFactor`. */
function toOperationId(url: string): string {
  const words = url.split(/[^A-Za-z0-9]+/).filter((word) => word !== '')
  return words.map((word, at) => (at === 0 ? word : word[0]?.toUpperCase() + word.slice(1))).join('')
}

const CARRIER = Symbol('drawbridge.carrier')

/** Says of a guard what it wants, as the name of a security scheme. */
export function tagGuard<G extends object>(carrier: Carrier, guard: G): G {
  return Object.defineProperty(guard, CARRIER, { value: carrier })
}

/**
 * Every route that has guards of ours, and does not say itself what it wants, wants what they want. Only where
 * @fastify/swagger has seen, or will see, our own routes before: their transform defines the schemes.
 */
export function describeGuards(app: FastifyInstance): void {
  if (!app.hasDecorator('swagger')) return
  app.addHook('onRoute', (route) => {
    const hooks = [route.onRequest, route.preValidation, route.preHandler].flat()
    const carriers = hooks.flatMap((hook) => (hook as { [CARRIER]?: Carrier } | undefined)?.[CARRIER] ?? [])
    if (carriers.length === 0) return
    const security = [Object.fromEntries(carriers.map((carrier) => [carrier, []]))]
    route.schema = { ...({ security } satisfies OpenApiFields), ...route.schema }
  })
}

/** An answer with an error. Open to more members: an error handler of the application's own may add some. */
export const failureSchema = (description: string) =>
  ({
    description,
    type: 'object',
    additionalProperties: true,
    properties: {
      statusCode: { type: 'integer' },
      code: { type: 'string' },
      error: { type: 'string' },
      message: { type: 'string' }
    }
  }) as const

/** What the routes of both carriers fail with. */
export const failureSchemas = {
  malformed: failureSchema(
    'The body is not as the schema says, or two credentials are shown that do not agree.'
  ),
  rejected: failureSchema('The credentials do not hold.'),
  tooLarge: failureSchema('The body is of more than 16 KiB.'),
  unsupported: failureSchema('The body is not JSON in UTF-8.'),
  tooMany: failureSchema('Too many attempts; try again after `Retry-After` seconds.'),
  unavailable: failureSchema(
    'A store cannot be reached, or too much is to do; try again after `Retry-After` seconds.'
  )
} as const
