import type { Test } from 'tap'
import type { Load } from './load.ts'
import type { TrackedLogin } from './oracle.ts'
import { until } from '@drawbridge/test-support/until'

/** What the store may have lost between these moments, by `performance.now()`. */
export interface Loss {
  readonly what: 'nothing' | 'newest' | 'everything'
  /** Whether nodes notice and reject lost logins; otherwise each serves what it has verified until that expires. */
  readonly isNoticed: boolean
  readonly beganAt: number
  readonly overAt: number
}

export interface Outcome {
  readonly lost: number
  /** Logged-out logins that the store has again. */
  readonly restored: number
  /** Number of requests with a 503. */
  readonly unavailable: number
}

/** How far a healthy replica may lag, ms. */
const REPLICA_LAG_MS = 500

/** After a load: checks which logins are served and which are not, and that no response was wrong. */
export async function checkLoad(t: Test, load: Load, loss: Loss): Promise<Outcome> {
  const [stored, lost] = await load.partitionByStored(load.active)
  t.ok(stored.length >= 2 * load.urls.length, `${stored.length} logins are active, ${lost.length} were lost`)
  t.equal(stored.filter(({ rejectedAt }) => rejectedAt < Infinity).length, 0, 'no active login was rejected')
  t.equal(
    lost.filter((login) => mustBeStored(login, loss)).length,
    0,
    'no login was lost that Redis had stored durably'
  )
  await checkAllAnswer(t, load, 200, stored, 'active logins')
  if (loss.isNoticed) await checkAllAnswer(t, load, 401, lost, 'lost logins')
  await checkRefreshes(t, load, stored)
  const restored = await checkRevoked(t, load)
  if (loss.what !== 'newest') t.equal(restored, 0, 'the store has none of them')
  const { oracle } = load
  t.same(oracle.summary(), {}, 'no response was wrong')
  t.comment(`responses: ${JSON.stringify(Object.fromEntries(oracle.statuses))}`)
  return { lost: lost.length, restored, unavailable: oracle.count(503) }
}

function mustBeStored({ sentAt, answeredAt }: TrackedLogin, { what, beganAt, overAt }: Loss): boolean {
  if (what === 'nothing' || sentAt > overAt) return true
  return what === 'newest' && answeredAt < beganAt - REPLICA_LAG_MS
}

async function checkAllAnswer(
  t: Test,
  load: Load,
  status: number,
  logins: readonly TrackedLogin[],
  which: string
): Promise<void> {
  await Promise.all(load.urls.map((url) => load.untilAll(status, url, logins)))
  t.pass(`all ${logins.length} ${which} get ${status} from every node`)
}

/** A lost login cannot be refreshed, even where it is still served. */
async function checkRefreshes(t: Test, { oracle, urls, refreshers }: Load, active: readonly TrackedLogin[]) {
  const [url] = urls as [string]
  for (const { login, token } of refreshers) {
    let next = token
    await until(async () => {
      next = token && (await oracle.refresh(url, token, login))
      return next === null || next !== token
    })
    t.equal(
      next !== null,
      active.includes(login),
      next === null ? 'a lost login is not refreshed' : 'refreshed'
    )
  }
}

/**
 * @returns how many logged-out logins the store has again after losing its newest writes; they cannot be refreshed
 * either.
 */
async function checkRevoked(t: Test, load: Load): Promise<number> {
  const { revoked, oracle, urls } = load
  t.ok(revoked.length > 10, `${revoked.length} log-outs succeeded`)
  await checkAllAnswer(t, load, 401, revoked, 'logged-out logins')
  const [restored] = await load.partitionByStored(revoked)
  for (const login of restored.filter(({ carrier }) => carrier === 'token')) {
    for (const url of urls) await oracle.refreshRevoked(url, login)
  }
  return restored.length
}
