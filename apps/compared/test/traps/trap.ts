import type { Kind } from '../kinds.ts'
import type { Service } from '../start-service.ts'

/** better-auth with its option for guarded requests that ask no store. */
export const CACHED: Kind = 'better-auth, cookieCache'
export const BETTER_AUTH: readonly Kind[] = ['better-auth', CACHED]

/** Something that goes wrong in a service without anyone having made a mistake that can be seen. */
export interface Trap {
  /** As the guide names it. */
  readonly name: string
  /** The services in which it is. */
  readonly isIn: readonly Kind[]
  /** Whether it is in this service, by trying. */
  readonly isShown: (service: Service) => Promise<boolean>
}
