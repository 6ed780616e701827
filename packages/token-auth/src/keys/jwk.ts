import type { Algorithm } from './algorithms.ts'

/** A JSON Web Key (RFC 7517). A type of our own, since that of Node differs between versions of @types/node. */
export interface Jwk {
  readonly kty?: string
  readonly crv?: string
  readonly x?: string
  readonly y?: string
  readonly n?: string
  readonly e?: string
  readonly d?: string
  readonly p?: string
  readonly q?: string
  readonly dp?: string
  readonly dq?: string
  readonly qi?: string
  readonly k?: string
  readonly [member: string]: unknown
}

/** A key for the ring, with its one algorithm and its id. */
export interface KeyRingJwk extends Jwk {
  readonly kid: string
  readonly alg: string
}

/** A private key for the ring. */
export interface SigningKey extends KeyRingJwk {
  readonly alg: Algorithm
}
