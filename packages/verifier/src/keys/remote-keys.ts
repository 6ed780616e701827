import type { AccessTokenHeader } from '@drawbridge/carrier'
import {
  createRemoteJWKSet,
  type CryptoKey,
  errors,
  type ExportedJWKSCache,
  type JSONWebKeySet,
  type JWK,
  jwksCache,
  type JWKSCacheInput
} from 'jose'
import type { PublicKeys } from './public-keys.ts'

/** Options of {@link RemoteKeys}. */
export interface RemoteKeysOptions {
  readonly url: URL
  /** For how long keys are used that could not be fetched again. */
  readonly maxAgeSeconds: number
  readonly timeoutMs: number
  /** Called when a key is no longer published. */
  readonly onRemoved: () => void
  /** Gets the error of a fetch that no request waits for. Must not throw. */
  readonly onError: (error: unknown) => void
}

/** After a fetch a key that is not in the set is unknown for this long: made-up ids cause no more fetches than that. */
const COOLDOWN_MS = 5000

/** How often the keys are fetched within their age, so that one fetch may fail. */
const RENEWALS = 3

/** The keys that an issuer publishes at a URL. Fetched again and again, so that a removed key is noticed. */
export class RemoteKeys implements PublicKeys {
  readonly #options: RemoteKeysOptions
  /** What was fetched last, and when, written by jose. */
  readonly #fetched: Partial<ExportedJWKSCache> & JWKSCacheInput = {}
  readonly #set: ReturnType<typeof createRemoteJWKSet>
  readonly #timer: NodeJS.Timeout
  #noticed: JSONWebKeySet | undefined
  #version = 0

  constructor(options: RemoteKeysOptions) {
    this.#options = options
    const { url, maxAgeSeconds, timeoutMs } = options
    this.#set = createRemoteJWKSet(url, {
      cacheMaxAge: maxAgeSeconds * 1000,
      cooldownDuration: COOLDOWN_MS,
      timeoutDuration: timeoutMs,
      [jwksCache]: this.#fetched
    })
    this.#timer = setInterval(() => void this.renew(), (maxAgeSeconds * 1000) / RENEWALS).unref()
    void this.renew()
  }

  get version(): number {
    return this.#version
  }

  /** By the wall clock, by which jose counts their age. */
  get validForMs(): number {
    return (this.#fetched.uat ?? -Infinity) + this.#options.maxAgeSeconds * 1000 - Date.now()
  }

  async find(header: AccessTokenHeader): Promise<CryptoKey | null> {
    try {
      return await this.#set({ ...header })
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) return null
      throw error
    } finally {
      this.#noticeRemoved()
    }
  }

  /** Fetches the keys now. Never rejects. */
  async renew(): Promise<void> {
    try {
      await this.#set.reload()
      this.#noticeRemoved()
    } catch (error) {
      this.#options.onError(error)
    }
  }

  close(): void {
    clearInterval(this.#timer)
  }

  #noticeRemoved(): void {
    const { jwks } = this.#fetched
    if (jwks === undefined || jwks === this.#noticed) return
    const published = new Set(jwks.keys.map(identify))
    const wasRemoved = this.#noticed?.keys.some((key) => !published.has(identify(key))) ?? false
    this.#noticed = jwks
    if (!wasRemoved) return
    this.#version += 1
    this.#options.onRemoved()
  }
}

/** Another key under the same id is another key. */
function identify({ kid, alg, kty, crv, x, y, n, e }: JWK): string {
  return JSON.stringify([kid, alg, kty, crv, x, y, n, e])
}
