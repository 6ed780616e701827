import { generateKeyPairSync } from 'node:crypto'
import jwt, { type FastifyJWTOptions } from '@fastify/jwt'
import Fastify from 'fastify'
import type { Scenario, Setting } from '../harness/server.ts'
import { newClaims } from './claims.ts'
import { greetingFor, SECRET } from './greeting.ts'

/** As in its README: `request.jwtVerify()` in a hook. A token cannot be revoked. */
export const fastifyJwt: Scenario = async (setting) => {
  const { credentials = 1 } = setting
  const app = Fastify()
  await app.register(jwt, jwtOptions(setting))
  app.addHook('onRequest', async (request) => {
    await request.jwtVerify()
  })
  app.get('/', async (request) =>
    greetingFor((request.user as { preferred_username: string }).preferred_username)
  )
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const values = Array.from({ length: credentials }, () => `Bearer ${app.jwt.sign(newClaims())}`)
  return { url, requests: { method: 'GET', path: '/', place: 'authorization', values } }
}

function jwtOptions({ algorithm = 'HS256', cache = false }: Setting): FastifyJWTOptions {
  return {
    secret: createSecret(algorithm),
    sign: { algorithm, kid: 'b0f1nQ7Jx2mZ4h8t' },
    verify: { algorithms: [algorithm], cache }
  }
}

function createSecret(algorithm: NonNullable<Setting['algorithm']>): FastifyJWTOptions['secret'] {
  if (algorithm === 'HS256') return SECRET
  const { publicKey, privateKey } =
    algorithm === 'EdDSA'
      ? generateKeyPairSync('ed25519')
      : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return {
    public: publicKey.export({ type: 'spki', format: 'pem' }),
    private: privateKey.export({ type: 'pkcs8', format: 'pem' })
  }
}
