import type { Test } from 'tap'
import type { Load } from './load.ts'
import type { Known } from './oracle.ts'
import { until } from './until.ts'

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
  readonly broughtBack: number
  /** How many requests were answered 503. */
  readonly unavailable: number
}

/** How far a replica that follows may be behind. */
const REPLICA_LAG_MS = 500

/** After a load: who is served in the end and who is not, and whether any answer was wrong. */
export async function checkLoad(t: Test, load: Load, loss: Loss): Promise<Outcome> {
  const [kept, lost] = await load.kept(load.living)
  t.ok(kept.length >= 2 * load.urls.length, `${kept.length} logins live, ${lost.length} were lost`)
  t.equal(kept.filter(({ refusedAt }) => refusedAt < Infinity).length, 0, 'none was refused that lives')
  t.equal(lost.filter((login) => mustBeKept(login, loss)).length, 0, 'none was lost that Redis had kept')
  await answeredByAll(t, load, 200, kept, 'that live')
  if (loss.isNoticed) await answeredByAll(t, load, 401, lost, 'that were lost')
  await checkRefreshes(t, load, kept)
  const broughtBack = await checkEnded(t, load)
  if (loss.what !== 'newest') t.equal(broughtBack, 0, 'the store has none of them')
  const { oracle } = load
  t.same(oracle.summary(), {}, 'no answer was wrong')
  t.comment(`answers: ${JSON.stringify(Object.fromEntries(oracle.statuses))}`)
  return { lost: lost.length, broughtBack, unavailable: oracle.count(503) }
}

function mustBeKept({ askedAt, knownAt }: Known, { what, beganAt, overAt }: Loss): boolean {
  if (what === 'nothing' || askedAt > overAt) return true
  return what === 'newest' && knownAt < beganAt - REPLICA_LAG_MS
}

async function answeredByAll(
  t: Test,
  load: Load,
  status: number,
  logins: readonly Known[],
  which: string
): Promise<void> {
  await Promise.all(load.urls.map((url) => load.untilAll(status, url, logins)))
  t.pass(`all ${logins.length} ${which} are answered ${status} by every node`)
}

/** What is lost is not refreshed, wherever it is still served. */
async function checkRefreshes(t: Test, { oracle, urls, refreshers }: Load, living: readonly Known[]) {
  const [url] = urls as [string]
  for (const { login, token } of refreshers) {
    let next = token
    await until(async () => {
      next = token && (await oracle.refresh(url, token, login))
      return next === null || next !== token
    })
    t.equal(
      next !== null,
      living.includes(login),
      next === null ? 'a lost one is not refreshed' : 'refreshed'
    )
  }
}

/** @returns how many the store has once more, having lost its newest writes: they are not refreshed either. */
async function checkEnded(t: Test, load: Load): Promise<number> {
  const { ended, oracle, urls } = load
  t.ok(ended.length > 10, `${ended.length} log-outs were answered`)
  await answeredByAll(t, load, 401, ended, 'that have ended')
  const [broughtBack] = await load.kept(ended)
  for (const login of broughtBack.filter(({ carrier }) => carrier === 'token')) {
    for (const url of urls) await oracle.refreshEnded(url, login)
  }
  return broughtBack.length
}
