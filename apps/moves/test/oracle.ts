/** What is true of a person, which no server sees. */
export interface Truth {
  /** Who is signed in; null for nobody. */
  readonly user: string | null
  /** Changes with each sign-in and log-out. */
  readonly era: number
  /** A sign-in or a log-out was sent, and is not answered; or a log-out was answered within the staleness bound. */
  readonly isUnsure: boolean
}

/** What came of a request for the name of the user. */
export interface Answer {
  readonly status: number
  /** Who was served; null for nobody. */
  readonly user: string | null
}

/** What an answer says of the servers. */
export type Verdict = 'right' | 'unavailable' | 'forced log-out' | 'wrong user' | 'after log-out' | 'fault'

/** The name of a verdict under which nothing may be counted. */
export const FORBIDDEN = ['forced log-out', 'wrong user', 'after log-out', 'fault'] as const

/**
 * Judges one answer by the truth when the request was sent, and when its answer arrived.
 *
 * @param users all users of the person: nobody else may ever be served.
 */
export function judge(sent: Truth, received: Truth, answer: Answer, users: readonly string[]): Verdict {
  if (answer.status === 503) return 'unavailable'
  const isServed = answer.status === 200
  if (!isServed && answer.status !== 401) return 'fault'
  if (isServed && (answer.user === null || !users.includes(answer.user))) return 'wrong user'
  if (sent.era !== received.era || sent.isUnsure || received.isUnsure) return 'right'
  if (sent.user === null) return isServed ? 'after log-out' : 'right'
  if (!isServed) return 'forced log-out'
  return answer.user === sent.user ? 'right' : 'wrong user'
}
