import { readFileSync } from 'node:fs'
import { newLoginId } from '@drawbridge/logins/carrier'
import t from 'tap'
import { checksum } from '../../src/keys/checksum.ts'
import { hashSecret, KeyFormat, newSecret } from '../../src/keys/key-format.ts'
import { otherCharacter, SECRET } from '../make-app.ts'

const OTHER_SECRET = 'another root secret, 9876543210 abc'
const format = new KeyFormat([SECRET])
const newContent = () => ({ loginId: newLoginId('user'), secret: newSecret() })

t.test('a key is read as it was written, and no two are the same', (t) => {
  const content = newContent()
  t.same(format.read(format.write(content)), content)
  t.not(format.write(content), format.write({ ...content, secret: newSecret() }))
  t.match(hashSecret(content.secret), /^[\w-]{43}$/)
  t.end()
})

t.test(
  'the pattern for secret scanning in the README finds it whole, and its checksum can be verified',
  (t) => {
    const readme = readFileSync('packages/key-auth/README.md', 'utf8')
    const pattern = /`(drbk_\[[^`]+)`/.exec(readme)?.[1] as string
    for (let made = 0; made < 500; made++) {
      const key = format.write(newContent())
      t.same(`TOKEN="${key}"\n`.match(new RegExp(pattern, 'g')), [key])
      if (checksum(key.slice(0, -6)) !== key.slice(-6)) t.fail(key)
    }
    t.end()
  }
)

t.test('every root secret reads, and the first writes', (t) => {
  const content = newContent()
  const [old, next] = [new KeyFormat([OTHER_SECRET]), new KeyFormat([SECRET, OTHER_SECRET])]
  t.same(next.read(old.write(content)), content)
  t.equal(old.read(next.write(content)), null)
  t.same(format.read(next.write(content)), content)
  t.end()
})

t.test('a key in which one character is another is not read, whether its checksum is right or not', (t) => {
  const key = format.write(newContent())
  for (let at = 0; at < key.length; at++) {
    const changed = key.slice(0, at) + otherCharacter(key[at] as string) + key.slice(at + 1)
    t.equal(format.read(changed), null, `character ${at}`)
    const text = changed.slice(0, -6)
    if (at < text.length) t.equal(format.read(text + checksum(text)), null, `character ${at}, checksum right`)
  }
  t.end()
})

t.test('a text of another length or form is not read', (t) => {
  const key = format.write(newContent())
  const text = key.slice(5, -6)
  for (const other of [
    '',
    'drbk_',
    key.slice(0, -1),
    `${key}A`,
    ` ${key}`,
    key.toLowerCase(),
    `drbr_${text}`,
    `drbk_${text}`,
    `drbk_${'='.repeat(90)}`,
    'x'.repeat(8000)
  ])
    t.equal(format.read(other), null, other.slice(0, 100))
  t.end()
})
