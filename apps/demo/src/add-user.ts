import {
  canonicalizeUsername,
  type Credentials,
  credentialsDefaults,
  type RegisterOutcome
} from '@drawbridge/credentials'
import type { Prompt } from './prompt.ts'

const MAX_ATTEMPTS = 3

const { minLength, maxLength } = credentialsDefaults.passwords
const PASSWORD_RULES =
  `The password needs ${minLength} to ${maxLength} characters of any kind. One that many people use, or that is ` +
  'mostly the username or the name of this service, is not accepted.'

/** Why no user was added, and whether another password could change that. */
interface FailedAttempt {
  readonly sentence: string
  readonly isFinal: boolean
}

/** Asks for a password until one is accepted or {@link MAX_ATTEMPTS} is reached. @returns whether a user was added. */
export async function addUser(credentials: Credentials, username: string, prompt: Prompt): Promise<boolean> {
  if (canonicalizeUsername(username) === null) {
    prompt.print('This cannot be a username.')
    return false
  }
  prompt.print(PASSWORD_RULES)
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
  const again = await prompt.askHidden('Repeat password: ')
  if (password === null || again === null) return { sentence: 'No password was given.', isFinal: true }
  if (password !== again) return { sentence: 'The passwords do not match.', isFinal: false }
  const outcome = await credentials.register({ username, password })
  return outcome.ok ? null : describeFailure(username, outcome)
}

function describeFailure(username: string, outcome: Exclude<RegisterOutcome, { ok: true }>): FailedAttempt {
  switch (outcome.reason) {
    case 'policy':
      return { sentence: outcome.message, isFinal: false }
    case 'malformed':
      return { sentence: 'The password contains characters that are not allowed.', isFinal: false }
    case 'busy':
      return { sentence: 'Too many passwords are being hashed at the moment.', isFinal: false }
    case 'username-taken':
      return { sentence: `The user ${username} already exists.`, isFinal: true }
  }
}
