import { acceptStrictJsonOnly, describeRoutes, markPublic, setNoStore } from '@drawbridge/carrier'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import type { Account } from '../types.ts'
import { type AccountGuard, createAccountGuard } from './account-guard.ts'
import { deleteAccountRoute } from './delete-account.ts'
import { loginsRoutes } from './logins.ts'
import {
  changePasswordRoute,
  forgotPasswordRoute,
  reauthenticateRoute,
  resetPasswordRoute
} from './password.ts'
import { registerRoute, verifyRoute } from './registration.ts'
import { createTokenRoute, tokensRoutes } from './tokens.ts'

type Routes<Method extends keyof Account> = (
  scope: FastifyInstance,
  path: string,
  account: Pick<Account, Method>,
  guard: AccountGuard
) => void

/** Adds our routes in a scope of their own, which takes strict JSON only. */
export function addRoutes(app: FastifyInstance, context: Context, account: Account): void {
  const { bridge, logins, options, securitySchemes } = context
  const { createTokenMaxAgeSeconds, deleteMaxAgeSeconds, prefix, revokeMaxAgeSeconds, routes } = options
  const guard = createAccountGuard(bridge)
  const createRecentGuard = (maxAgeSeconds: number | false) =>
    maxAgeSeconds === false ? guard : createAccountGuard(bridge, { maxAgeSeconds })
  const revokeGuard = createRecentGuard(revokeMaxAgeSeconds ?? false)
  app.register(
    async (scope) => {
      acceptStrictJsonOnly(scope)
      describeRoutes(scope, options, securitySchemes)
      const add = (path: string | false, addTo: Routes<keyof Account>, hooks: AccountGuard = guard) => {
        // How it treats bodies, and whether it is public, is for each alone.
        if (path !== false) scope.register(async (inner) => addTo(inner, path, account, hooks))
      }
      const addPublic = (path: string | false, addTo: Routes<keyof Account>) =>
        add(path, (inner, ...rest) => {
          markPublic(inner)
          inner.addHook('onRequest', (_request, reply, done) => {
            setNoStore(reply)
            done()
          })
          addTo(inner, ...rest)
        })
      add(routes.logins, (...given) => loginsRoutes(...given, revokeGuard, logins))
      add(routes.changePassword, changePasswordRoute)
      add(routes.reauthenticate, reauthenticateRoute)
      add(routes.tokens, tokensRoutes)
      add(routes.tokens, createTokenRoute, createRecentGuard(createTokenMaxAgeSeconds))
      add(routes.deleteAccount, deleteAccountRoute, createRecentGuard(deleteMaxAgeSeconds))
      addPublic(routes.register, registerRoute)
      addPublic(routes.forgotPassword, forgotPasswordRoute)
      addPublic(routes.resetPassword, resetPasswordRoute)
      addPublic(routes.verify, verifyRoute)
    },
    { prefix }
  )
}
