import type { KeyObject } from 'node:crypto'
import fastifyJwt, { type FastifyJWTOptions, type JWT } from '@fastify/jwt'
import type { FastifyInstance } from 'fastify'
import type { JoseHeader } from '@drawbridge/carrier'
import type { Algorithm } from './algorithms.ts'
import type { KeyRing } from './key-ring.ts'
import type { RingKey } from './parse-key.ts'

const TYPE = 'at+jwt'

/** Signs and verifies with one key and its one algorithm. */
export interface JwtCodec {
  readonly alg: Algorithm
  sign(claims: object): string
  /** The payload. Throws where the token was not signed by this key, or cannot be read. */
  verify(token: string): object
}

/** The codecs of a key ring. */
export interface JwtCodecs {
  readonly signing: JwtCodec
  readonly byKid: ReadonlyMap<string, JwtCodec>
  /**
   * Headers as we write them, by the encoded segment; other spellings are parsed. A look-up is faster than parsing (bench,
   * `token-guard-cold-hs256`).
   */
  readonly headers: ReadonlyMap<string, JoseHeader>
  /** The codecs by these headers. */
  readonly byHeader: ReadonlyMap<JoseHeader, JwtCodec>
}

/**
 * Registers one @fastify/jwt for each key, by `kid`, in a scope of its own without routes: none of its decorators reaches
 * the application, which may have its own @fastify/jwt, and none of its code runs for a request unless it is called here.
 * Each has exactly one algorithm (RFC 8725 section 3.1).
 */
export async function createJwtCodecs(app: FastifyInstance, ring: KeyRing): Promise<JwtCodecs> {
  const byKid = new Map<string, JwtCodec>()
  await app.register(async (scope) => {
    // Without this, the namespaces would be added to the `jwt` of an application that has one.
    scope.decorate('jwt', Object.create(null) as JWT)
    const namespaces = scope.jwt as unknown as Record<string, JWT>
    for (const [position, key] of ring.keys.entries()) {
      const namespace = `drawbridge${position}`
      await scope.register(fastifyJwt, { ...createCodecOptions(key), namespace })
      byKid.set(key.kid, createCodec(key.alg, namespaces[namespace] as JWT))
    }
  })
  const byHeader = new Map<JoseHeader, JwtCodec>()
  for (const [kid, codec] of byKid) byHeader.set({ alg: codec.alg, typ: TYPE, kid }, codec)
  return {
    signing: byKid.get(ring.signingKey.kid) as JwtCodec,
    byKid,
    headers: new Map([...byHeader.keys()].map((header) => [encodeHeader(header), header])),
    byHeader
  }
}

function encodeHeader(header: JoseHeader): string {
  return Buffer.from(JSON.stringify(header)).toString('base64url')
}

function createCodec(alg: Algorithm, jwt: JWT): JwtCodec {
  return { alg, sign: (claims) => jwt.sign(claims), verify: (token) => jwt.verify<object>(token) }
}

/**
 * No claim is checked here: fast-jwt accepts a token at the very second of its `exp`, one whose `exp` is infinite and one
 * that has none, and fails on some that are huge (RFC 7519 section 4.1.4 requires otherwise). Nor is the type, which
 * `readAccessTokenHeader` reads. Its cache is off, since it would ignore revocations.
 */
function createCodecOptions({ kid, alg, signing, verifying }: RingKey): FastifyJWTOptions {
  // `typ` is an option of fast-jwt's signer that its types do not have yet.
  const sign = { algorithm: alg, kid, typ: TYPE } as FastifyJWTOptions['sign'] & object
  return {
    secret: { public: exportKey(verifying), ...(signing && { private: exportKey(signing) }) },
    sign,
    verify: {
      algorithms: [alg],
      ignoreExpiration: true,
      ignoreNotBefore: true,
      cache: false
    }
  }
}

function exportKey(key: KeyObject): string | Buffer {
  switch (key.type) {
    case 'secret':
      return key.export()
    case 'private':
      return key.export({ type: 'pkcs8', format: 'pem' }) as string
    case 'public':
      return key.export({ type: 'spki', format: 'pem' }) as string
  }
}
