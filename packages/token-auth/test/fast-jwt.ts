import { createRequire } from 'node:module'

/** What verifies for @fastify/jwt: the very copy that it uses, which this package has no dependency on. */
const beside = createRequire(createRequire(import.meta.url).resolve('@fastify/jwt'))
const main = beside.resolve('fast-jwt')

export const { createVerifier, TokenError } = beside('fast-jwt') as {
  createVerifier(options: object): (token: string) => unknown
  TokenError: { readonly codes: Readonly<Record<string, string>> }
}

/** Its check of a signature, at the layer of JWS; it is not exported. */
export const { verifySignature } = beside(main.replace(/index\.js$/, 'crypto.js')) as {
  verifySignature(algorithm: string, key: string | Buffer, input: string, signature: string): boolean
}

export const { version } = beside('fast-jwt/package.json') as { version: string }
