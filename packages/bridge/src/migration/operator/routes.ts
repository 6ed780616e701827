import {
  acceptStrictJsonOnly,
  describeRoutes,
  findBridged,
  findGuardTag,
  ignoreBodies,
  insufficientScope,
  principalOf,
  type SecuritySchemes
} from '@drawbridge/carrier'
import type { Carrier, Phase } from '@drawbridge/logins'
import type { FastifyInstance } from 'fastify'
import type { Move } from '../engine.ts'
import { isOwnSignIn } from '../find-login.ts'
import type { ParsedOptions } from '../options.ts'
import type { Migrations } from '../types.ts'
import { barSchema, listSchema, moveSchema, sweepSchema } from './schemas.ts'

interface Named {
  readonly Params: { readonly name: string }
}

interface Step extends Named {
  readonly Body: { readonly phase: Phase; readonly lose?: number }
}

/** The routes of operators, behind their guard, in a scope of their own that takes strict JSON only. */
export function addOperatorRoutes(
  app: FastifyInstance,
  migrations: Migrations,
  moves: ReadonlyMap<string, Move>,
  { guard, path, scope: needed }: NonNullable<ParsedOptions['operator']>,
  tags: readonly string[]
): void {
  const onRequest = guard({ scopes: [needed] })
  const carriers = findGuardTag(onRequest)?.carriers ?? []
  const security = carriers.map((carrier) => ({ [carrier]: [] }))
  const secured = <Schema extends object>(schema: Schema) => ({ ...schema, security })
  app.register(async (scope) => {
    acceptStrictJsonOnly(scope)
    describeRoutes(scope, { tags, hideRoutes: false }, findSecuritySchemes(app, carriers))
    scope.addHook('preValidation', async (request) => {
      const { loginId } = principalOf(request)
      for (const move of moves.values())
        if (!(await isOwnSignIn(move, loginId))) throw insufficientScope(`${needed} of a sign-in with us`)
    })
    scope.get(path, { onRequest, schema: secured(listSchema) }, async () => ({
      migrations: await Promise.all(migrations.names.map((name) => migrations.status(name)))
    }))
    scope.post<Step>(`${path}/:name/phase`, { onRequest, schema: secured(moveSchema) }, (request) => {
      const { phase, lose } = request.body
      const by = principalOf(request).username
      return migrations.move(request.params.name, phase, { by, ...(lose !== undefined && { lose }) })
    })
    scope.post<{ Body: { issuedUpTo: number } }>(
      `${path}/bar`,
      { onRequest, schema: secured(barSchema) },
      (request) => migrations.barAll({ issuedUpTo: new Date(request.body.issuedUpTo) })
    )
    await scope.register(async (inner) => {
      ignoreBodies(inner)
      inner.post<Named>(`${path}/:name/sweep`, { onRequest, schema: secured(sweepSchema) }, (request) =>
        migrations.sweep(request.params.name)
      )
    })
  })
}

/** Of the carriers that a guard takes, which are registered above. */
function findSecuritySchemes(app: FastifyInstance, carriers: readonly Carrier[]): SecuritySchemes {
  const { sessionAuth, tokenAuth } = app as { readonly sessionAuth?: unknown; readonly tokenAuth?: unknown }
  return {
    ...(carriers.includes('session') && findBridged(sessionAuth, 'session')?.securitySchemes),
    ...(carriers.includes('token') && findBridged(tokenAuth, 'token')?.securitySchemes)
  }
}
