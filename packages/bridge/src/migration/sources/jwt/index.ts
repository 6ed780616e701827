export type { JwtAlgorithm } from './algorithms.ts'
export { jwt } from './jwt.ts'
export type { JwtClaims, JwtOptions, PublicKeyInput } from './options.ts'
