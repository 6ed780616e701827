import { createHash, timingSafeEqual } from 'node:crypto'
import { createCredentials, type HashVerifier, type UserStore } from '@drawbridge/credentials'

/** `sha256$<salt>$<hex>`, as the old system wrote it. */
const saltedSha256: HashVerifier = {
  matches: (hash) => /^sha256\$\w{8,64}\$[\da-f]{64}$/.test(hash),
  verify: (password, hash) => {
    const [, salt = '', digest = ''] = hash.split('$')
    const computed = createHash('sha256').update(salt).update(password).digest()
    return timingSafeEqual(computed, Buffer.from(digest, 'hex'))
  }
}

export function credentialsWithOldHashes(users: UserStore) {
  return createCredentials({ users, hashing: { verifiers: [saltedSha256] } })
}
