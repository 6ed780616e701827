import { createApi } from './api.ts'
import { parseVerifierOptions, type VerifierOptions } from './options.ts'
import type { ClosableTokenVerifier } from './types.ts'

/**
 * Verifies access tokens where there is no Fastify: in a worker, a WebSocket server, another framework.
 *
 * @throws OptionError where an option is wrong.
 * @example
 * const tokens = createVerifier({ issuer, audience, keys: `${issuer}/.well-known/jwks.json`, feed: createRedisFeedReader({ redis }) })
 * const outcome = await tokens.verify(token)
 */
export function createVerifier(options: VerifierOptions): ClosableTokenVerifier {
  const { verifier, close } = createApi(parseVerifierOptions(options))
  const { verify, health, ping } = verifier
  return Object.freeze({ verify, health, ping, close })
}
