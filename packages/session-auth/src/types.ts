// `request.session` is typed there, and the types are to reach the services that use this package.
/// <reference types="@fastify/session" preserve="true" />
import type { Guards, SecondFactorFlow } from '@drawbridge/carrier'
import type { FastifyPluginAsync } from 'fastify'
import type { EndSession } from './sessions/end.ts'
import type { RevokeOtherSessions } from './sessions/revoke-others.ts'
import type { Guard } from './guard.ts'
import type { StartSession } from './sessions/start.ts'

/** What the plugin adds to the application, as `app.sessionAuth`. */
export interface SessionAuth extends Guards {
  /** onRequest hook for log-in and log-out routes of your own: unsafe methods only from our own pages. */
  readonly requireSameOrigin: Guard
  readonly startSession: StartSession
  /** For log-in routes of your own: log-ins that wait for a second factor. */
  readonly pendingLogins: SecondFactorFlow
  readonly endSession: EndSession
  readonly revokeOtherSessions: RevokeOtherSessions
  /** Plugin for a scope whose routes want `request.session`; guards them too. */
  readonly sessionData: FastifyPluginAsync
}

declare module 'fastify' {
  interface FastifyInstance {
    sessionAuth: SessionAuth
  }
}
