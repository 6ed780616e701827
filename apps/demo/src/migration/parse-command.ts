import { parseArgs } from 'node:util'
import type { Phase } from '@drawbridge/logins'

/** What an operator typed. */
export type MigrationCommand =
  | { readonly kind: 'status' }
  | { readonly kind: 'sweep'; readonly name: string }
  | { readonly kind: 'bar'; readonly issuedUpTo: Date }
  | { readonly kind: 'end'; readonly name: string; readonly since: Date }
  | {
      readonly kind: 'move'
      readonly name: string
      readonly phase: Phase
      readonly by: string
      readonly lose: number | undefined
    }

export const USAGE = `Usage: pnpm --filter demo migration status
       pnpm --filter demo migration move <name> old|both|new|retired --by <you> [--lose <logins>]
       pnpm --filter demo migration sweep <name>
       pnpm --filter demo migration end <name> --adopted-since <time>
       pnpm --filter demo migration bar --all <time>`

const PHASES: readonly string[] = ['old', 'both', 'new', 'retired']

/** @returns null for what is no command. */
export function parseCommand(args: readonly string[]): MigrationCommand | null {
  const parsed = parse(args)
  if (parsed === null) return null
  const { values, positionals } = parsed
  const [kind, name = '', phase = '', ...more] = positionals
  const given = Object.keys(values).join(' ')
  if (more.length > 0) return null
  if (kind === 'status' && name === '' && given === '') return { kind }
  if (kind === 'bar' && name === '' && given === 'all') {
    const issuedUpTo = parseTime(values.all)
    return issuedUpTo && { kind, issuedUpTo }
  }
  if (name === '') return null
  if (kind === 'sweep' && phase === '' && given === '') return { kind, name }
  if (kind === 'end' && phase === '' && given === 'adopted-since') {
    const since = parseTime(values['adopted-since'])
    return since && { kind, name, since }
  }
  const { by = '', lose } = values
  const isStep = kind === 'move' && PHASES.includes(phase) && by !== '' && !/adopted-since|all/.test(given)
  if (!isStep || (lose !== undefined && !/^\d{1,9}$/.test(lose))) return null
  return { kind, name, phase: phase as Phase, by, lose: lose === undefined ? undefined : Number(lose) }
}

function parseTime(text = ''): Date | null {
  const time = new Date(text)
  return Number.isNaN(time.getTime()) ? null : time
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        by: { type: 'string' },
        lose: { type: 'string' },
        'adopted-since': { type: 'string' },
        all: { type: 'string' }
      }
    })
  } catch {
    return null
  }
}
