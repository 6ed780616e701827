import type { MigrationStatus } from '@drawbridge/bridge/migration'

const PHASES = ['old', 'both', 'new', 'retired'] as const

/** What an operator reads of a migration: where it is, what hangs on the other system, and which steps there are. */
export function describeStatus(status: MigrationStatus): readonly string[] {
  const { name, phase, ledByOld, ledByNew, oldLogins, oldLastServedAt, next, warnings } = status
  const last = oldLastServedAt === null ? 'never' : toMinute(oldLastServedAt)
  return [
    `${name}   phase ${phase} ${describeStep(status)}`,
    `  led by us ${count(ledByNew)}   led by the other system ${count(ledByOld)}   logins there ${oldLogins === null ? 'unknown' : count(oldLogins)}`,
    `  its logins were last served ${last}   accepted until ${describeEnd(status)}`,
    `  in this phase: ${describeCounts(status)}`,
    `  its instances: ${describeInstances(status)}`,
    ...warnings.map((warning) => `  warning: ${warning}`),
    `  next: ${next === null ? 'sweep, then nothing' : `${next.phase}${next.obstacle === null ? '' : ` (refused now: ${next.obstacle})`}`}` +
      `   back: ${PHASES[PHASES.indexOf(phase) - 1] ?? 'none'}`
  ]
}

function describeEnd({ acceptUntil, deadAtLatest }: MigrationStatus): string {
  const end = acceptUntil === null ? 'they expire' : toMinute(acceptUntil)
  return `${end}   dead at the latest ${deadAtLatest === null ? 'unknown' : toMinute(deadAtLatest)}`
}

function describeStep({ since, by, isEverywhere }: MigrationStatus): string {
  if (since === null) return 'from the beginning'
  return `since ${toMinute(since)} (by ${by}), ${isEverywhere ? 'on every node' : 'not yet on every node'}`
}

function describeInstances({ phase, mayOldInstancesStart }: MigrationStatus): string {
  if (phase === 'new' || phase === 'retired') return 'must not run'
  return mayOldInstancesStart ? 'may run' : 'must not be started yet'
}

/** Those that were rejected are one number, with why they were. */
function describeCounts({ phase, counts }: MigrationStatus): string {
  const numbers = Object.entries(counts[phase] ?? {})
  const rejected = numbers.filter(([name]) => name.startsWith(REJECTED))
  const texts = numbers
    .filter(([name]) => !name.startsWith(REJECTED))
    .map(([name, number]) => `${toWords(name)} ${count(number)}`)
  if (rejected.length > 0) {
    const sum = rejected.reduce((total, [, number]) => total + number, 0)
    const reasons = rejected.map(([name, number]) => `${name.slice(REJECTED.length)} ${count(number)}`)
    texts.push(`rejected ${count(sum)} (${reasons.join(', ')})`)
  }
  return texts.length === 0 ? 'nothing so far' : texts.join(', ')
}

const REJECTED = 'rejected.'

/** `handedOver` as words. */
function toWords(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

const count = (number: number): string => number.toLocaleString('en')

/** UTC, as in the log. */
const toMinute = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')}Z`
