import { describeCodes, errorCatalogue, groupByStatus } from './error-catalogue.ts'
import { createExamples, type ErrorBody, errorBodySchema, type Examples } from './error-schemas.ts'
import type { SecurityRequirement } from './guard-tag.ts'
import { type RouteMark, takeMark, toRouteErrors, toRouteSecurity } from './route-mark.ts'

/** How the error handler of the service responds, where it does not send Fastify's own shape. */
export interface DescribeErrorsOptions {
  /** Schema of the body, or a `$ref` to one of the document. Default: Fastify's shape, as `DrawbridgeError`. */
  readonly schema?: object
  /** The body of its response to an error, for the examples. Default: the error as Fastify sends it. */
  readonly toBody?: (error: ErrorBody) => unknown
  /** Default `application/json`. */
  readonly contentType?: string
}

interface MediaType {
  readonly schema?: object
  readonly examples?: Examples
}

interface Response {
  readonly description: string
  readonly headers?: object
  readonly content?: Readonly<Record<string, MediaType>>
}

interface Operation {
  readonly security?: readonly SecurityRequirement[]
  readonly responses?: Readonly<Record<string, Response>>
}

/** The members of a document that are read and written here. */
interface Document {
  readonly openapi?: string
  components?: { readonly schemas?: object; readonly securitySchemes?: object }
  readonly paths?: Readonly<Record<string, Record<string, Operation>>>
}

const METHODS: ReadonlySet<string> = new Set([
  'get',
  'put',
  'post',
  'delete',
  'options',
  'head',
  'patch',
  'trace',
  'query'
])

/** What @fastify/swagger passes to its option `transformObject`. */
type DocumentDraft<V3, V2> = { readonly openapiObject: V3 } | { readonly swaggerObject: V2 }

/**
 * Makes the `transformObject` of @fastify/swagger that describes the error responses of guards, with an example for each
 * code, in a document of OpenAPI 3. They are in the document only: nothing that serializes a response reads them. A
 * response that a route describes itself stays as it is.
 *
 * @example
 * await app.register(swagger, { openapi: { info }, transformObject: describeErrors() })
 */
export function describeErrors(options: DescribeErrorsOptions = {}) {
  return <V3 extends object, V2 extends object>(draft: DocumentDraft<V3, V2>): V3 | V2 => {
    if (!('openapiObject' in draft)) return draft.swaggerObject
    describeDocument(draft.openapiObject, options)
    return draft.openapiObject
  }
}

function describeDocument(document: Document, options: DescribeErrorsOptions): void {
  for (const item of Object.values(document.paths ?? {})) {
    for (const [method, operation] of Object.entries(item)) {
      // A copy: a route of several methods has one operation for all of them.
      if (METHODS.has(method)) item[method] = describeOperation(document, method, { ...operation }, options)
    }
  }
}

function describeOperation(
  document: Document,
  method: string,
  operation: Operation,
  options: DescribeErrorsOptions
): Operation {
  const mark = takeMark(operation)
  const guarded = mark === undefined ? operation : describeGuarded(document, method, operation, mark)
  const responses = Object.entries(guarded.responses ?? {}).map(([status, response]) => [
    status,
    formatResponse(document, response, options)
  ])
  return { ...guarded, responses: Object.fromEntries(responses) as Record<string, Response> }
}

function describeGuarded(
  document: Document,
  method: string,
  operation: Operation,
  mark: RouteMark
): Operation {
  const responses = { ...toResponses(mark, method.toUpperCase()), ...operation.responses }
  const { components, openapi = '' } = document
  const security = toRouteSecurity(mark, !openapi.startsWith('3.0'))
  if (mark.statesSecurity || security.length === 0) return { ...operation, responses }
  document.components = {
    ...components,
    securitySchemes: { ...mark.schemes, ...components?.securitySchemes }
  }
  return { ...operation, security, responses }
}

function toResponses(mark: RouteMark, method: string): Record<string, Response> {
  const errors = [...groupByStatus(toRouteErrors(mark, method))].map(([status, codes]) => [
    String(status),
    {
      description: [describeCodes(codes), ...describeRequired(mark, status)].join(' '),
      content: { [JSON_TYPE]: { schema: errorBodySchema, examples: createExamples(codes) } }
    }
  ])
  const isRedirected =
    method === 'GET' && !mark.isPublic && mark.guards.some(({ isRedirecting }) => isRedirecting)
  return { ...(isRedirected && { 303: redirect }), ...Object.fromEntries(errors) } as Record<string, Response>
}

/** What the guards of a route ask of its logins, for the status of the login that lacks it. */
function describeRequired(mark: RouteMark, status: number): readonly string[] {
  if (status === 403) return describeScopes(mark)
  return status === 401 ? describeMaxAge(mark) : []
}

function describeMaxAge({ guards, isPublic }: RouteMark): readonly string[] {
  const ages = guards.flatMap(({ maxAgeSeconds }) => maxAgeSeconds ?? [])
  return ages.length === 0 || isPublic ? [] : [`Allowed: ${Math.min(...ages)} s.`]
}

function describeScopes({ guards, isPublic }: RouteMark): readonly string[] {
  const scopes = [...new Set(guards.flatMap((guard) => guard.scopes))]
  return scopes.length === 0 || isPublic
    ? []
    : [`Required: ${scopes.map((scope) => `\`${scope}\``).join(', ')}.`]
}

const JSON_TYPE = 'application/json'

const redirect: Response = {
  description: 'A navigation that would get a 401: to the page where users sign in.',
  headers: { Location: { schema: { type: 'string' } } }
}

/** A response of ours, as the error handler of the service sends it. Its examples tell that it is one. */
function formatResponse(document: Document, response: Response, options: DescribeErrorsOptions): Response {
  const { toBody = (error: ErrorBody) => error, contentType = JSON_TYPE } = options
  const examples = Object.entries(response.content?.[JSON_TYPE]?.examples ?? {})
  if (!examples.some(([code]) => code in errorCatalogue)) return response
  const schema = options.schema ?? referToErrorBody(document)
  const formatted = examples.map(([code, { value }]) => [code, { value: toBody(value as ErrorBody) }])
  const media = { schema, examples: Object.fromEntries(formatted) as Examples }
  return { ...response, content: { [contentType]: media } }
}

/** One schema for all, which generators of clients make one type of. */
function referToErrorBody(document: Document): object {
  const { components } = document
  document.components = {
    ...components,
    schemas: { DrawbridgeError: errorBodySchema, ...components?.schemas }
  }
  return { $ref: '#/components/schemas/DrawbridgeError' }
}
