import { copyState, type Cookies, type State } from './state.ts'
import { handle, keepsRecord, oldRecord, readOld, type World } from './systems.ts'

/** What is wrong in a state, or null. I1, I2 and I3 of the bridge's migration. */
export function findBroken(world: World, state: State): string | null {
  return (
    findForcedLogOut(world, state) ?? findAtOldInstance(world, state) ?? findServedAfterLogOut(world, state)
  )
}

const ask = (world: World, state: State, node: number, cookies: Cookies) =>
  handle(world, copyState(state), state.known[node] as State['phase'], cookies)

/** I1: whoever has signed in, and was not logged out, is served, also by a request that left earlier. I3: as that user. */
function findForcedLogOut(world: World, state: State): string | null {
  const { believes, browser, request, known, ended } = state
  if (believes === null || ended.includes(believes.lineage)) return null
  for (const [node, phase] of known.entries()) {
    const answer = ask(world, state, node, browser)
    if (!answer.ok) return `I1: logged out at node ${node} (${phase}): ${answer.cause}`
    if (answer.userId !== believes.userId) return `I3: served as ${answer.userId} at node ${node} (${phase})`
    if (request?.lineage !== believes.lineage) continue
    const earlier = ask(world, state, node, request)
    if (!earlier.ok) return `I1: a request that left earlier is rejected at node ${node}: ${earlier.cause}`
  }
  return null
}

function findAtOldInstance(world: World, state: State): string | null {
  const { believes, browser, areOldInstancesUp } = state
  if (believes === null || state.ended.includes(believes.lineage) || !areOldInstancesUp) return null
  const presented = readOld(world, state, browser.old)
  if (presented.kind !== 'found') return 'I1: logged out at an old instance'
  return presented.userId === believes.userId ? null : `I3: served as ${presented.userId} at an old instance`
}

/** I2: each credential of a lineage that was logged out is rejected by every node, alone and with another one. */
function findServedAfterLogOut(world: World, state: State): string | null {
  for (const lineage of state.ended) {
    const olds = state.oldRecords.flatMap((record, key) =>
      // What its own system cannot revoke is rejected where the log-out was ours, and we have seen it.
      record.lineage === lineage && (keepsRecord(world) || state.dead.includes(key)) ? [key] : []
    )
    const ours = state.logins.flatMap((login, id) => (login.lineage === lineage && login.isOut ? [id] : []))
    const isActiveThere = (key: number) => keepsRecord(world) && oldRecord(state, key).isActive
    if (state.areOldInstancesUp && olds.some(isActiveThere))
      return 'I2: served at an old instance after its log-out'
    for (const node of state.known.keys()) {
      for (const old of [null, ...olds]) {
        for (const one of [null, ...ours]) {
          const answer = ask(world, state, node, { old, ours: one })
          if (answer.ok && answer.lineage === lineage)
            return `I2: served at node ${node} after its log-out, by old ${old} and ours ${one}`
        }
      }
    }
  }
  return null
}
