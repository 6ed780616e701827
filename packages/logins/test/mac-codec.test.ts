import { randomBytes } from 'node:crypto'
import t from 'tap'
import { MacCodec } from '../src/mac-codec.ts'

const [key, older] = [randomBytes(32), randomBytes(32)]
const codec = new MacCodec([key, older], 'test_', 6)
const body = Buffer.from('secret')

t.test('a text is decoded under the key that made it', async (t) => {
  t.match(codec.encode(body), /^test_[\w-]{32}$/)
  t.strictSame(codec.decode(codec.encode(body)), { body, keyIndex: 0 })
  t.strictSame(codec.decode(codec.encode(body, 1)), { body, keyIndex: 1 })
  t.equal(new MacCodec([older], 'test_', 6).decode(codec.encode(body)), null)
})

t.test('a change of any one character, another length and another prefix are rejected', async (t) => {
  const text = codec.encode(body)
  for (let at = 0; at < text.length; at += 1) {
    const changed = text[at] === 'A' ? 'B' : 'A'
    t.equal(codec.decode(text.slice(0, at) + changed + text.slice(at + 1)), null, `character ${at}`)
  }
  for (const other of ['', text.slice(0, -1), `${text}A`, `${text}=`, `${text}\n`, text.slice(5)])
    t.equal(codec.decode(other), null, JSON.stringify(other))
})

t.test('what is no string is rejected, such as a member of a body that nobody has validated', async (t) => {
  const text = codec.encode(body)
  for (const other of [undefined, null, 1, {}, [text]])
    t.equal(codec.decode(other as unknown as string), null, JSON.stringify(other))
})
