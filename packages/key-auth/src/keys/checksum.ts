import { crc32 } from 'node:zlib'

/** Characters of a checksum: 62 to the power of 6 is above 2 to the power of 32. */
export const CHECKSUM_LENGTH = 6
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/**
 * CRC-32 of a text, as zip has it, in base62 with leading zeros. It needs no secret: a scanner tells by it a key that leaked
 * from a text that looks like one, and asks nobody. It protects nothing; the MAC does.
 */
export function checksum(text: string): string {
  let rest = crc32(text)
  let digits = ''
  for (let at = 0; at < CHECKSUM_LENGTH; at++) {
    digits = DIGITS[rest % DIGITS.length] + digits
    rest = Math.floor(rest / DIGITS.length)
  }
  return digits
}
