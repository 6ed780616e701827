import { formatSeconds } from './elements.js'

/** What a user is told of an error, by its code. Codes whose message is a sentence for the user are not here. */
const SENTENCES = {
  FST_ERR_VALIDATION: 'Something is missing, or too long.',
  DRAWBRIDGE_INVALID_CREDENTIALS: 'The username or the password is wrong.',
  DRAWBRIDGE_WRONG_PASSWORD: 'This is not your password.',
  DRAWBRIDGE_USERNAME_TAKEN: 'This username is taken. Choose another one.',
  DRAWBRIDGE_INVALID_ONE_TIME_TOKEN:
    'This link is not good any more: it was used, it is too old, or the password has changed since. Ask for a new one.',
  DRAWBRIDGE_INSUFFICIENT_SCOPE: 'You do not have this scope, so that no token of yours can have it.',
  DRAWBRIDGE_REAUTHENTICATE: 'Nothing was done: this asks for your password.',
  DRAWBRIDGE_UNAUTHORIZED: 'You are not signed in any more.'
}

/** Of errors about what one field has; the first of these that the form has. */
const FIELDS = {
  DRAWBRIDGE_WRONG_PASSWORD: ['currentPassword', 'password'],
  DRAWBRIDGE_PASSWORD_POLICY: ['newPassword', 'password'],
  DRAWBRIDGE_USERNAME_TAKEN: ['username'],
  DRAWBRIDGE_INSUFFICIENT_SCOPE: ['scopes']
}

/** Codes whose message is `<member of the body> must be …`. */
const ABOUT_A_MEMBER = new Set(['DRAWBRIDGE_MALFORMED_CREDENTIALS', 'DRAWBRIDGE_MALFORMED_KEY'])

/** An error in plain words, and the names of the fields that it may be about. */
export function explain({ status, statusText, body, retryAfter }) {
  const { code, message = statusText } = body ?? {}
  if (status === 0) return { text: `${statusText}.`, fields: [] }
  if (status === 404) return { text: 'There is no such thing here, or no longer.', fields: [] }
  if (status === 429) return { text: `Too many tries. ${tryAgain(retryAfter)}`, fields: [] }
  if (status === 503) return { text: `The service cannot do this now. ${tryAgain(retryAfter)}`, fields: [] }
  if (ABOUT_A_MEMBER.has(code)) {
    const [member, ...rest] = message.split(' ')
    return { text: `The ${toWords(member)} ${rest.join(' ')}.`, fields: [member] }
  }
  return { text: SENTENCES[code] ?? toSentence(message), fields: FIELDS[code] ?? [] }
}

const tryAgain = (seconds) =>
  seconds === null ? 'Try again later.' : `Try again in ${formatSeconds(Number(seconds))}.`

const toWords = (name) => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

const toSentence = (text) => (text.endsWith('.') ? text : `${text}.`)
