import type { Scenario } from '../harness/server.ts'

/** Each is loaded only by its own process, without the modules of the others. */
export const scenarios = {
  'adopted-guard': async () => (await import('./adopted-guard.ts')).adoptedGuard,
  argon2: async () => (await import('./argon2.ts')).argon2,
  'bare-express': async () => (await import('./bare-express.ts')).bareExpress,
  'bare-fastify': async () => (await import('./bare-fastify.ts')).bareFastify,
  'better-auth': async () => (await import('./better-auth.ts')).betterAuthSession,
  'cold-guards': async () => (await import('./cold-guards.ts')).coldGuards,
  connections: async () => (await import('./connections.ts')).connections,
  'express-session': async () => (await import('./express-session.ts')).expressSession,
  'fastify-jwt': async () => (await import('./fastify-jwt.ts')).fastifyJwt,
  'fastify-session': async () => (await import('./fastify-session.ts')).fastifySession,
  followers: async () => (await import('./followers.ts')).followers,
  guards: async () => (await import('./guards.ts')).guards,
  jsonwebtoken: async () => (await import('./jsonwebtoken.ts')).jsonWebToken,
  'key-guard': async () => (await import('./key-guard.ts')).keyGuard,
  'login-writer': async () => (await import('./login-writer.ts')).loginWriter,
  'secure-session': async () => (await import('./secure-session.ts')).secureSession,
  'session-guard': async () => (await import('./session-guard.ts')).sessionGuard,
  'token-guard': async () => (await import('./token-guard.ts')).tokenGuard,
  'verifier-guard': async () => (await import('./verifier-guard.ts')).verifierGuard,
  'verifier-reader': async () => (await import('./verifier-reader.ts')).verifierReader
} satisfies Record<string, () => Promise<Scenario>>

export type ScenarioName = keyof typeof scenarios

export function isScenario(name: string): name is ScenarioName {
  return name in scenarios
}
