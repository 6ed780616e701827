import { createConfig, lintFromString } from '@redocly/openapi-core'

/** Each is an error, beside the schema of OpenAPI itself (`struct`). */
const RULES = [
  'struct',
  'no-unresolved-refs',
  'no-unused-components',
  'no-identical-paths',
  'no-ambiguous-paths',
  'no-path-trailing-slash',
  'path-parameters-defined',
  'path-declaration-must-exist',
  'operation-operationId-unique',
  'operation-operationId-url-safe',
  'operation-2xx-response',
  'operation-summary',
  'security-defined',
  'no-invalid-media-type-examples',
  'no-invalid-schema-examples',
  'no-invalid-parameter-examples',
  'no-example-value-and-externalValue',
  'no-enum-type-mismatch',
  'spec-components-invalid-map-name',
  'response-contains-property'
]

/**
 * What is wrong with a document of OpenAPI, as sentences with a place: its form, references, security schemes, and
 * examples that do not match their schemas.
 *
 * @param without rules that do not apply to the document.
 */
export async function lintOpenApi(
  document: unknown,
  without: readonly string[] = []
): Promise<readonly string[]> {
  const rules = Object.fromEntries(
    RULES.filter((rule) => !without.includes(rule)).map((rule) => [rule, 'error'])
  )
  const config = await createConfig({ extends: [], rules } as Parameters<typeof createConfig>[0])
  const problems = await lintFromString({ source: JSON.stringify(document), config })
  return problems.map(
    ({ ruleId, message, location: [place] }) => `${ruleId}: ${message} at ${place?.pointer ?? '/'}`
  )
}
