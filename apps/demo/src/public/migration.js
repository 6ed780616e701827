import { byEither, isAccepted } from './carriers.js'
import { element, formatTime } from './elements.js'
import { send } from './server.js'

/** What each phase means, in its order. */
const PHASES = [
  ['old', 'Its logins are served as they are. Nothing of ours is made.'],
  ['both', 'Each of its logins gets one of ours. It still decides.'],
  ['new', 'We decide, for each login from its next request on.'],
  ['retired', 'Its logins count no more.']
]

/** What the server says of the move from another system: of the login of this page, and for operators of all. */
export const migration = { own: null, all: null }

export async function askAboutMigration() {
  Object.assign(migration, { own: null, all: null })
  if (!isAccepted('session') && !isAccepted('token')) return
  const own = await send('GET', '/account/migration', byEither())
  if (!own.ok) return
  migration.own = own.body
  if (!own.body.mayOperate) return
  const all = await send('GET', '/operator/migrations', byEither())
  if (all.ok) migration.all = all.body.migrations.find(({ name }) => name === own.body.name) ?? null
}

export function describePhases() {
  return PHASES.map(([phase, meaning]) =>
    element('li', {
      ...(phase === migration.own?.phase && { 'aria-current': 'step' }),
      children: [
        element('strong', { text: phase }),
        element('p', { text: meaning }),
        element('ul', { children: describeCounts(phase).map((text) => element('li', { text })) })
      ]
    })
  )
}

/** For operators: what was counted in a phase, and who decides now. */
function describeCounts(phase) {
  const { all } = migration
  if (all === null) return []
  const texts = Object.entries(all.counts[phase] ?? {}).map(([name, count]) => `${toWords(name)}: ${count}`)
  if (phase !== all.phase) return texts
  const end = all.deadAtLatest === null ? [] : [`dead at the latest: ${formatTime(all.deadAtLatest)}`]
  return [`led by us: ${all.ledByNew}`, `led by it: ${all.ledByOld}`, ...end, ...texts, ...all.warnings]
}

const toWords = (name) =>
  name.replaceAll('.', ', ').replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

/** One sentence about the login of this page. */
export function describeOwnLogin() {
  const { own } = migration
  if (own === null) return 'Sign in, there or here, to see which of the two decides about your login.'
  const leader = own.ledBy === 'old' ? 'the system before' : 'us'
  const carriers = own.carriers.length === 0 ? 'none here yet' : own.carriers.join(', ')
  const end = own.acceptUntil === null ? '' : ` Its logins are accepted until ${formatTime(own.acceptUntil)}.`
  return `Your login: led by ${leader}, carriers: ${carriers}.${end}`
}
