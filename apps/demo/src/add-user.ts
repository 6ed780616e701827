import { canonicalUsername, type Credentials, type RegisterOutcome } from '@drawbridge/credentials'
import type { Prompt } from './prompt.ts'

const TRIES = 3

/** Why there is no new user yet, and whether another password could change that. */
interface Refusal {
  readonly sentence: string
  readonly isFinal: boolean
}

/** Asks for a password until one is taken or the tries are used up. @returns whether there is a new user. */
export async function addUser(credentials: Credentials, username: string, prompt: Prompt): Promise<boolean> {
  if (canonicalUsername(username) === null) {
    prompt.tell('This cannot be a username.')
    return false
  }
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const refusal = await tryOnce(credentials, username, prompt)
    if (refusal === null) return true
    prompt.tell(refusal.sentence)
    if (refusal.isFinal) return false
  }
  return false
}

async function tryOnce(credentials: Credentials, username: string, prompt: Prompt): Promise<Refusal | null> {
  const password = await prompt.askHidden('Password: ')
  const again = await prompt.askHidden('The same again: ')
  if (password === null || again === null) return { sentence: 'No password was given.', isFinal: true }
  if (password !== again) return { sentence: 'The two are not the same.', isFinal: false }
  const outcome = await credentials.register({ username, password })
  return outcome.ok ? null : refusalOf(username, outcome)
}

function refusalOf(username: string, outcome: Exclude<RegisterOutcome, { ok: true }>): Refusal {
  switch (outcome.reason) {
    case 'policy':
      return { sentence: outcome.message, isFinal: false }
    case 'malformed':
      return { sentence: 'The password has characters that cannot be used.', isFinal: false }
    case 'busy':
      return { sentence: 'Too much is being hashed at the moment.', isFinal: false }
    case 'taken':
      return { sentence: `There is a user ${username} already.`, isFinal: true }
  }
}
