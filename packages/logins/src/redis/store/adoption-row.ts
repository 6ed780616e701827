import type { Adoption, Lead, OldName } from '../../stores/adoption.ts'
import { PHASES, type Phase, type StoredPhase } from '../../stores/phase.ts'

const NONE = '-'
const ADOPTION_PATTERN = /^(old|new)\t(\d{1,16})\t(-|\d{1,16})\t(-|\d{1,16})\t(.*)$/s
const PHASE_PATTERN = /^([a-z]+)\t(\d{1,16})\t(\d{1,16})\t(.*)$/s

/** What the other system calls a login, as the last field of its adoption. */
export function encodeName({ migration, key }: OldName): string {
  return JSON.stringify([migration, key])
}

/**
 * The adoption of a text that a script returns; null where no script can have written it.
 *
 *   ledBy ⇥ ledSince ⇥ returnedAt ⇥ adoptedAt ⇥ [migration,key]
 */
export function decodeAdoption(text: string | null | undefined): Adoption | null {
  const fields = ADOPTION_PATTERN.exec(text ?? '')
  if (fields === null) return null
  const [, ledBy, ledSince, returnedAt, adoptedAt, name] = fields as unknown as [string, Lead, ...string[]]
  const old = parseName(name as string)
  if (old === null) return null
  const times = { returnedAt: decodeTime(returnedAt), adoptedAt: decodeTime(adoptedAt) }
  return { ...old, ledBy, ledSince: Number(ledSince), ...times }
}

/**
 * The phase of a text that a script returns; null for none.
 *
 *   phase ⇥ version ⇥ since ⇥ by
 *
 * @throws Error for any other text: a phase that cannot be read is not the first one.
 */
export function decodePhase(migration: string, text: string | null | undefined): StoredPhase | null {
  if (text === null || text === undefined) return null
  const [, phase, version, since, by] = PHASE_PATTERN.exec(text) ?? []
  if (by === undefined || !PHASES.includes(phase as Phase))
    throw new Error(`the phase of the migration ${migration} cannot be read`)
  return { migration, phase: phase as Phase, version: Number(version), since: Number(since), by }
}

function parseName(text: string): OldName | null {
  try {
    const [migration, key] = JSON.parse(text) as unknown[]
    return typeof migration === 'string' && typeof key === 'string' ? { migration, key } : null
  } catch {
    return null
  }
}

const decodeTime = (text: string | undefined) => (text === NONE ? null : Number(text))
