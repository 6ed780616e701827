import t from 'tap'
import {
  type Adoption,
  claimDigest,
  claimedAdoption,
  decideAdopt,
  ledAdoption,
  newAdoption
} from '../../src/stores/adoption.ts'

const NOW = 100_000

const adoption: Adoption = {
  migration: 'm',
  key: 'k',
  ledBy: 'old',
  ledSince: 1000,
  returnedAt: null,
  adoptedAt: 900
}
const input = { migration: 'm', key: 'k', ledBy: 'old' } as const

t.test('a claim counts before a bar', (t) => {
  for (const loginId of ['a', null]) t.equal(decideAdopt({ loginId }, NOW, null), 'claimed')
  t.end()
})

t.test('a bar refuses what was issued up to it, or at an unknown time', (t) => {
  t.equal(decideAdopt(null, null, null), 'adopt')
  t.equal(decideAdopt(null, null, 1), 'adopt')
  t.equal(decideAdopt(null, 7, 6), 'barred')
  t.equal(decideAdopt(null, 7, 7), 'barred')
  t.equal(decideAdopt(null, 7, 8), 'adopt')
  t.equal(decideAdopt(null, 7, null), 'barred')
  t.equal(decideAdopt(null, 0, 0), 'barred')
  t.end()
})

t.test('an adoption begins with the lead that it is given', (t) => {
  const expected = { ...adoption, ledBy: 'new', ledSince: NOW, adoptedAt: NOW }
  t.same(newAdoption({ ...input, ledBy: 'new' }, NOW), expected)
  t.same(claimedAdoption(null, { ...input, ledBy: 'new' }, NOW), { ...expected, adoptedAt: null })
  t.end()
})

t.test('a claim changes the name and not the lead', (t) => {
  const change = { migration: 'n', key: 'l', ledBy: 'new' } as const
  t.same(claimedAdoption(adoption, change, NOW), { ...adoption, migration: 'n', key: 'l' })
  t.end()
})

t.test('the lead that moves says when, and whether it came back', (t) => {
  const taken = ledAdoption({ ...adoption, returnedAt: 5 }, { ...input, ledBy: 'new' }, NOW)
  t.same(taken, { ...adoption, ledBy: 'new', ledSince: NOW, returnedAt: null })
  const returned = ledAdoption(taken, input, NOW + 1)
  t.same(returned, { ...adoption, ledBy: 'old', ledSince: NOW + 1, returnedAt: NOW + 1 })
  t.same(ledAdoption(returned, { ...input, key: 'l' }, NOW + 2), { ...returned, key: 'l' })
  t.end()
})

t.test('a claim is of one user, one migration and one key', (t) => {
  const digests = [
    claimDigest('u', input),
    claimDigest('v', input),
    claimDigest('u', { ...input, key: 'l' }),
    claimDigest('u', { ...input, migration: 'n' }),
    claimDigest('u', { migration: 'mk', key: '' }),
    claimDigest('um', { migration: '', key: 'k' })
  ]
  t.equal(new Set(digests).size, digests.length)
  t.equal(claimDigest('u', { migration: 'm', key: 'k' }), digests[0])
  t.match(digests[0], /^[\w-]{43}$/)
  t.end()
})
