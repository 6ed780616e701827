import type { MigrationStatus } from '@drawbridge/bridge/migration'

const PHASES = ['old', 'both', 'new', 'retired'] as const

/** What an operator reads of a migration: where it is, what hangs on the other system, and which steps there are. */
export function describeStatus(status: MigrationStatus): readonly string[] {
  const { name, phase, ledByOld, ledByNew, oldLogins, acceptUntil, oldLastServedAt, next } = status
  const last = oldLastServedAt === null ? 'never' : toMinute(oldLastServedAt)
  return [
    `${name}   phase ${phase} ${describeStep(status)}`,
    `  led by us ${count(ledByNew)}   led by the other system ${count(ledByOld)}   logins there ${oldLogins === null ? 'unknown' : count(oldLogins)}`,
    `  its logins were last served ${last}   accepted until ${acceptUntil === null ? 'they expire' : toMinute(acceptUntil)}`,
    `  in this phase: ${describeCounts(status)}`,
    `  its instances: ${describeInstances(status)}`,
    `  next: ${next === null ? 'sweep, then nothing' : `${next.phase}${next.obstacle === null ? '' : ` (refused now: ${next.obstacle})`}`}` +
      `   back: ${PHASES[PHASES.indexOf(phase) - 1] ?? 'none'}`
  ]
}

function describeStep({ since, by, isEverywhere }: MigrationStatus): string {
  if (since === null) return 'from the beginning'
  return `since ${toMinute(since)} (by ${by}), ${isEverywhere ? 'on every node' : 'not yet on every node'}`
}

function describeInstances({ phase, mayOldInstancesStart }: MigrationStatus): string {
  if (phase === 'new' || phase === 'retired') return 'must not run'
  return mayOldInstancesStart ? 'may run' : 'must not be started yet'
}

function describeCounts({ phase, counts }: MigrationStatus): string {
  const numbers = Object.entries(counts[phase] ?? {}).filter(([name]) => !name.endsWith('At'))
  return numbers.length === 0
    ? 'nothing so far'
    : numbers.map(([name, number]) => `${toWords(name)} ${count(number)}`).join(', ')
}

/** `refused.invalid` and `handedOver` as words. */
function toWords(name: string): string {
  return name.replaceAll('.', ' ').replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

const count = (number: number): string => number.toLocaleString('en')

/** UTC, as in the log. */
const toMinute = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')}Z`
