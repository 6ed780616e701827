import t from 'tap'
import { checksum } from '../../src/keys/checksum.ts'

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const toNumber = (text: string) => text.split('').reduce((sum, digit) => sum * 62 + DIGITS.indexOf(digit), 0)

t.test('it is the CRC-32 of zip in base62, of six digits', (t) => {
  t.equal(toNumber(checksum('123456789')), 0xcbf43926)
  t.equal(checksum(''), '000000')
  for (let at = 0; at < 1000; at++) t.match(checksum(`text ${at}`), /^[0-9A-Za-z]{6}$/)
  t.end()
})
