import type { Test } from 'tap'
import type { Load } from './load.ts'
import type { TrackedLogin } from './oracle.ts'
import { until } from '@drawbridge/test-support/until'

/** What the store may not have afterwards, and what happened between these moments, by `performance.now()`. */
export interface Loss {
  readonly what: 'nothing' | 'newest' | 'everything'
  /** Nodes notice, and refuse what was lost; else each serves what it has verified for as long as that is good. */
  readonly isNoticed: boolean
  readonly beganAt: number
  readonly overAt: number
}

export interface Outcome {
  readonly lost: number
  /** Of those whose log-out was answered: the store has them once more. */
  readonly restored: number
  /** How many requests were answered 503. */
  readonly unavailable: number
}

/** How far a replica that follows may be behind. */
const REPLICA_LAG_MS = 500

/** After a load: who is served in the end and who is not, and whether any answer was wrong. */
export async function checkLoad(t: Test, load: Load, loss: Loss): Promise<Outcome> {
  const [stored, lost] = await load.partitionByStored(load.active)
  t.ok(stored.length >= 2 * load.urls.length, `${stored.length} logins live, ${lost.length} were lost`)
  t.equal(stored.filter(({ refusedAt }) => refusedAt < Infinity).length, 0, 'none was refused that lives')
  t.equal(lost.filter((login) => mustBeStored(login, loss)).length, 0, 'none was lost that Redis had kept')
  await checkAllAnswer(t, load, 200, stored, 'that live')
  if (loss.isNoticed) await checkAllAnswer(t, load, 401, lost, 'that were lost')
  await checkRefreshes(t, load, stored)
  const restored = await checkRevoked(t, load)
  if (loss.what !== 'newest') t.equal(restored, 0, 'the store has none of them')
  const { oracle } = load
  t.same(oracle.summary(), {}, 'no answer was wrong')
  t.comment(`answers: ${JSON.stringify(Object.fromEntries(oracle.statuses))}`)
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
  t.pass(`all ${logins.length} ${which} are answered ${status} by every node`)
}

/** What is lost is not refreshed, wherever it is still served. */
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
      next === null ? 'a lost one is not refreshed' : 'refreshed'
    )
  }
}

/** @returns how many the store has once more, having lost its newest writes: they are not refreshed either. */
async function checkRevoked(t: Test, load: Load): Promise<number> {
  const { revoked, oracle, urls } = load
  t.ok(revoked.length > 10, `${revoked.length} log-outs were answered`)
  await checkAllAnswer(t, load, 401, revoked, 'that have ended')
  const [restored] = await load.partitionByStored(revoked)
  for (const login of restored.filter(({ carrier }) => carrier === 'token')) {
    for (const url of urls) await oracle.refreshRevoked(url, login)
  }
  return restored.length
}
