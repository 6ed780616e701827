import { createRequire } from 'node:module'

/** A code is valid once. */
export default async function totp({ use, db, secretOf }, module) {
  const require = createRequire(module)
  const { Secret, TOTP } = require('otpauth')
  db.prepare('INSERT INTO authenticators VALUES (?, 0)').run('1')
  const token = new TOTP({ secret: Secret.fromBase32(await secretOf('1')) }).generate()
  const results = [await use('1', token), await use('1', token), await use('1', 'no code')]
  if (results.join() !== 'true,false,false') throw new Error(`the results are ${results.join()}`)
}
