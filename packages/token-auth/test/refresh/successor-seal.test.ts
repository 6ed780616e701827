import { randomBytes } from 'node:crypto'
import t from 'tap'
import { newRandom, type RefreshToken } from '../../src/refresh/refresh-token.ts'
import { SuccessorSeal } from '../../src/refresh/successor-seal.ts'

const SECRETS = ['the first root secret, 0123456789', 'the second root secret, 0123456789'] as const
const seal = new SuccessorSeal(SECRETS, 'instance')
const SUCCESSOR = { secret: newRandom(), keyIndex: 0 }

function createPredecessor(changes: Partial<RefreshToken> = {}): RefreshToken {
  return {
    loginId: randomBytes(21).toString('base64url'),
    generation: 4,
    family: newRandom(),
    secret: newRandom(),
    keyIndex: 0,
    ...changes
  }
}

t.test('a client that presents the predecessor opens the seal', async (t) => {
  const token = createPredecessor()
  const sealed = seal.seal(token, SUCCESSOR)
  t.strictSame(seal.open(token, sealed), SUCCESSOR)
  t.notOk(Buffer.from(sealed, 'base64url').includes(SUCCESSOR.secret))
  t.equal(sealed.length, 59, 'a store has it with every login')
  t.not(seal.seal(token, SUCCESSOR), sealed, 'no nonce is used twice')
})

t.test('it is opened on a node that has the root secrets in another order', async (t) => {
  const token = createPredecessor({ keyIndex: 1 })
  const sealed = seal.seal(token, SUCCESSOR)
  const other = new SuccessorSeal([SECRETS[1], SECRETS[0]], 'instance')
  t.strictSame(other.open({ ...token, keyIndex: 0 }, sealed), { ...SUCCESSOR, keyIndex: 1 })
})

t.test('the root secret that the successor was made under is found, and cannot be mistaken', async (t) => {
  const token = createPredecessor()
  const sealed = seal.seal(token, { ...SUCCESSOR, keyIndex: 1 })
  t.strictSame(seal.open(token, sealed), { ...SUCCESSOR, keyIndex: 1 })
  t.equal(
    new SuccessorSeal([SECRETS[0]], 'instance').open(token, sealed),
    null,
    'this node does not have that root secret any more'
  )
})

t.test('no other token or secret opens it', async (t) => {
  const token = createPredecessor()
  const sealed = seal.seal(token, SUCCESSOR)
  t.equal(seal.open({ ...token, secret: newRandom() }, sealed), null, 'with the root secret alone')
  t.equal(new SuccessorSeal([SECRETS[1]], 'instance').open(token, sealed), null, 'with the token alone')
  const other = new SuccessorSeal(SECRETS, 'another instance')
  t.equal(other.open(token, sealed), null, 'H3: another instance of the plugin')
  t.equal(seal.open({ ...token, generation: 5 }, sealed), null, 'as of another generation')
  t.equal(seal.open({ ...token, loginId: createPredecessor().loginId }, sealed), null, 'as of another login')
})

t.test('a changed seal does not open', async (t) => {
  const token = createPredecessor()
  const bytes = Buffer.from(seal.seal(token, SUCCESSOR), 'base64url')
  for (let at = 0; at < bytes.length; at += 1) {
    const broken = Buffer.from(bytes)
    broken.writeUInt8(broken.readUInt8(at) ^ 1, at)
    t.equal(seal.open(token, broken.toString('base64url')), null, `byte ${at}`)
  }
  for (const text of ['', 'x', bytes.subarray(0, 27).toString('base64url')])
    t.equal(seal.open(token, text), null)
})
