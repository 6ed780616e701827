import { randomBytes, timingSafeEqual } from 'node:crypto'
import { ambiguousCredential, hasDuplicateAuthorization, invalidClient } from '@drawbridge/carrier'
import type { FastifyRequest } from 'fastify'
import { AssertionVerifier } from './assertion.ts'
import { hashClientSecret, type ParsedClient } from './parse-clients.ts'

/** The parameters of a form. */
export type Form = Readonly<Record<string, string | undefined>>

export interface ClientAuthenticatorOptions {
  readonly clients: readonly ParsedClient[]
  /** The only audience of an assertion (RFC 7523 section 3). */
  readonly issuer: string
  /** ms since the epoch. */
  readonly now: () => number
}

/** Authenticates the services that ask about tokens (RFC 6749 section 2.3). */
export class ClientAuthenticator {
  readonly #clients: ReadonlyMap<string, ParsedClient>
  readonly #assertions: AssertionVerifier

  constructor({ clients, ...options }: ClientAuthenticatorOptions) {
    this.#clients = new Map(clients.map((client) => [client.clientId, client]))
    this.#assertions = new AssertionVerifier(options)
  }

  /**
   * The id of the client that a request authenticates; null where it does not try to. A `client_id` beside that must name the same
   * client (RFC 7521 section 4.2).
   *
   * @throws HttpError 400 or 401.
   */
  async authenticate(request: FastifyRequest, form: Form): Promise<string | null> {
    const clientId = await this.#findClient(request, form)
    if (clientId !== null && form.client_id !== undefined && form.client_id !== clientId)
      throw invalidClient('client_id names another client')
    return clientId
  }

  async #findClient(request: FastifyRequest, form: Form): Promise<string | null> {
    const { authorization } = request.headers
    const { client_assertion: assertion, client_assertion_type: type } = form
    if (authorization !== undefined && assertion !== undefined)
      throw ambiguousCredential('a client authenticates in two ways')
    if (authorization !== undefined) return this.#authenticateBySecret(request, authorization)
    if (assertion === undefined) return null
    const clientId = await this.#assertions.verify(assertion, type, (id) => this.#clients.get(id)?.keys)
    if (clientId === null) throw invalidClient('the assertion is not valid')
    return clientId
  }

  #authenticateBySecret({ raw }: FastifyRequest, authorization: string): string {
    if (hasDuplicateAuthorization(raw.rawHeaders)) throw ambiguousCredential('two Authorization headers')
    const presented = readBasic(authorization)
    if (presented === null) throw invalidClient('the Authorization header is not Basic')
    const { clientId, secret } = presented
    const expected = this.#clients.get(clientId)?.secretHashes ?? []
    if (!isOneOf(expected, hashClientSecret(secret))) throw invalidClient('no client with this id and secret')
    return clientId
  }
}

/** In constant time, for an unknown client too. */
function isOneOf(expected: readonly Buffer[], actual: Buffer): boolean {
  const hashes = expected.length === 0 ? [NOBODYS] : expected
  return hashes.filter((each) => timingSafeEqual(each, actual)).length > 0
}

const NOBODYS = randomBytes(32)

const BASIC = /^basic +([A-Za-z0-9+/]+={0,2})$/i
const MAX_LENGTH = 1024

/** RFC 7617, with both parts encoded as in a form (RFC 6749 section 2.3.1); null for anything else. */
function readBasic(authorization: string): { readonly clientId: string; readonly secret: string } | null {
  const [, encoded] = authorization.length > MAX_LENGTH ? [] : (BASIC.exec(authorization) ?? [])
  if (encoded === undefined) return null
  const text = Buffer.from(encoded, 'base64').toString()
  const colon = text.indexOf(':')
  if (colon === -1) return null
  try {
    return {
      clientId: decodeURIComponent(text.slice(0, colon)),
      secret: decodeURIComponent(text.slice(colon + 1))
    }
  } catch {
    return null
  }
}
