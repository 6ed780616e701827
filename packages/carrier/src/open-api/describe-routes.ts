import type { FastifyInstance } from 'fastify'

/** Security schemes of OpenAPI, by name. */
export type SecuritySchemes = Readonly<Record<string, object>>

/** Options of a plugin. */
interface Options {
  /** Of its routes. */
  readonly tags: readonly string[]
  /** True: its routes are not in the document. */
  readonly hideRoutes: boolean
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
export function describeRoutes(
  scope: FastifyInstance,
  { tags, hideRoutes }: Options,
  schemes: SecuritySchemes
): void {
  const swaggerTransform = ({ schema, url, openapiObject, swaggerObject }: DocumentDraft) => {
    if (openapiObject !== undefined)
      openapiObject.components.securitySchemes = { ...schemes, ...openapiObject.components.securitySchemes }
    if (swaggerObject !== undefined)
      swaggerObject.securityDefinitions = { ...schemes, ...swaggerObject.securityDefinitions }
    return { schema, url }
  }
  scope.addHook('onRoute', (route) => {
    const fields = {
      operationId: toOperationId(route.url),
      // Also where the service guards its whole document by `security`: our routes take what they say.
      security: [],
      ...(tags.length > 0 && { tags }),
      ...(hideRoutes && { hide: true })
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
