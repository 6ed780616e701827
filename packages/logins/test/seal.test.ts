import { randomBytes } from 'node:crypto'
import t from 'tap'
import { Sealer, unseal } from '../src/seal.ts'

const key = randomBytes(32)
const open = (sealed: string, associatedData = 'cookie', otherKey = key) =>
  unseal(otherKey, Buffer.from(sealed, 'base64url'), associatedData)

t.test('what was sealed opens with the same key and associated data, and with no other', async (t) => {
  const sealed = new Sealer().seal(key, 'text', 'cookie')
  t.match(sealed, /^[\w-]+$/)
  t.equal(open(sealed)?.toString(), 'text')
  t.equal(open(sealed, 'another cookie'), null)
  t.equal(open(sealed, 'cookie', randomBytes(32)), null)
})

t.test('a change of any one byte, and a text that is cut, do not open', async (t) => {
  const bytes = Buffer.from(new Sealer().seal(key, 'text', 'cookie'), 'base64url')
  for (const at of bytes.keys()) {
    const changed = Buffer.from(bytes)
    changed[at] = (changed[at] as number) ^ 1
    t.equal(unseal(key, changed, 'cookie'), null, `byte ${at}`)
    t.equal(unseal(key, bytes.subarray(0, at), 'cookie'), null, `cut at ${at}`)
  }
})

t.test('no nonce is used twice', async (t) => {
  const sealer = new Sealer()
  const nonces = Array.from({ length: 1000 }, () => sealer.seal(key, 'text', '').slice(0, 16))
  t.equal(new Set(nonces).size, nonces.length)
})
