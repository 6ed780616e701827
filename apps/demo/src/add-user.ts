import { canonicalizeUsername, type Credentials, type RegisterOutcome } from '@drawbridge/credentials'
import type { Prompt } from './prompt.ts'

const MAX_ATTEMPTS = 3

/** Why there is no new user yet, and whether another password could change that. */
interface FailedAttempt {
  readonly sentence: string
  readonly isFinal: boolean
}

/** Asks for a password until one is taken or the tries are used up. @returns whether there is a new user. */
export async function addUser(credentials: Credentials, username: string, prompt: Prompt): Promise<boolean> {
  if (canonicalizeUsername(username) === null) {
    prompt.print('This cannot be a username.')
    return false
  }
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const failure = await attemptOnce(credentials, username, prompt)
    if (failure === null) return true
    prompt.print(failure.sentence)
    if (failure.isFinal) return false
  }
  return false
}

async function attemptOnce(
  credentials: Credentials,
  username: string,
  prompt: Prompt
): Promise<FailedAttempt | null> {
  const password = await prompt.askHidden('Password: ')
  const again = await prompt.askHidden('The same again: ')
  if (password === null || again === null) return { sentence: 'No password was given.', isFinal: true }
  if (password !== again) return { sentence: 'The two are not the same.', isFinal: false }
  const outcome = await credentials.register({ username, password })
  return outcome.ok ? null : describeFailure(username, outcome)
}

function describeFailure(username: string, outcome: Exclude<RegisterOutcome, { ok: true }>): FailedAttempt {
  switch (outcome.reason) {
    case 'policy':
      return { sentence: outcome.message, isFinal: false }
    case 'malformed':
      return { sentence: 'The password has characters that cannot be used.', isFinal: false }
    case 'busy':
      return { sentence: 'Too much is being hashed at the moment.', isFinal: false }
    case 'username-taken':
      return { sentence: `There is a user ${username} already.`, isFinal: true }
  }
}
