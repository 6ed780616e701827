import type { Redis } from 'ioredis'
import type { Pool } from 'pg'

/** What each of the services is built from. */
export interface Services {
  readonly pool: Pool
  readonly redis: Redis
  /** Of 32 characters or more. */
  readonly secret: string
  /** Where the service is reached, such as `https://shop.example`. */
  readonly origin: string
}
