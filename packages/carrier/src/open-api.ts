import type { FastifyInstance } from 'fastify'
import type { Carrier } from '@drawbridge/logins'

/*
 * How our routes, and those behind our guards, are described to @fastify/swagger. Without it nothing reads this.
 */

/** Fields of an OpenAPI operation that Fastify does not read itself. */
interface OpenApiFields {
  readonly operationId?: string
  readonly tags?: readonly string[]
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[]
}

/** How a document describes a scope of ours. */
export interface ScopeDescription {
  /** The tags of its routes. */
  readonly tags: readonly string[]
  /** The security schemes of OpenAPI for its carrier, by name. */
  readonly schemes: Readonly<Record<string, object>>
}

/** The document that @fastify/swagger is building, of either version. */
interface DocumentDraft {
  readonly schema: object
  readonly url: string
  readonly openapiObject?: { readonly components: { securitySchemes?: object } }
  readonly swaggerObject?: { securityDefinitions?: object }
}

/**
 * Gives each route of a scope an operationId, from its path, and the tags. Our routes have a transform of their own: the
 * service's is for its schemas, and ours are JSON Schema whatever type provider it uses (M9). It also defines the security
 * schemes that the service has not defined, without which @fastify/swagger fails on routes that name them.
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

const CARRIERS = Symbol('drawbridge.carriers')

/** Marks a guard with the carriers that it takes one of: the security schemes of a document have their names. */
export function tagGuard<G extends object>(carriers: readonly Carrier[], guard: G): G {
  return Object.defineProperty(guard, CARRIERS, { value: carriers })
}

/**
 * Documents the `security` of every route that has guards of ours and no `security` itself. Only for a service whose
 * document has our own routes: their transform defines the schemes.
 */
export function describeGuards(app: FastifyInstance): void {
  if (!app.hasDecorator('swagger')) return
  app.addHook('onRoute', (route) => {
    const hooks = [route.onRequest, route.preValidation, route.preHandler].flat()
    const guards = hooks.flatMap((hook) => {
      const carriers = (hook as { [CARRIERS]?: readonly Carrier[] } | undefined)?.[CARRIERS]
      return carriers === undefined ? [] : [carriers]
    })
    if (guards.length === 0) return
    const security = combine(guards).map((carriers) =>
      Object.fromEntries(carriers.map((carrier) => [carrier, []]))
    )
    route.schema = { ...({ security } satisfies OpenApiFields), ...route.schema }
  })
}

/** Of guards in a row each requires one of its carriers: what a request may present. */
function combine(guards: ReadonlyArray<readonly Carrier[]>): ReadonlyArray<readonly Carrier[]> {
  return guards.reduce<ReadonlyArray<readonly Carrier[]>>(
    (choices, carriers) => choices.flatMap((chosen) => carriers.map((carrier) => [...chosen, carrier])),
    [[]]
  )
}

/** JSON Schema of an error response. Open to more members: an error handler of the application's own may add some. */
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

/** The error responses of the routes of both carriers. */
export const failureSchemas = {
  malformed: failureSchema(
    'The body is not as the schema says, or two credentials are presented that differ.'
  ),
  rejected: failureSchema('The credentials are not valid.'),
  tooLarge: failureSchema('The body is larger than 16 KiB.'),
  unsupported: failureSchema('The body is not JSON in UTF-8.'),
  tooMany: failureSchema('Too many attempts; try again after `Retry-After` seconds.'),
  unavailable: failureSchema(
    'A store is down, or the service is overloaded; try again after `Retry-After` seconds.'
  )
} as const
