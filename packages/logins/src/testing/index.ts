/*
 * For the tests of a service: logins with a clock and outages of the test's own. And the contracts of LoginStore and
 * RevocationFeed as tests, for drivers of one's own. None of it needs a test runner.
 */
import type { ContractCase, LoginStoreSubject } from './contract-case.ts'
import { adoptCases } from './adopt-cases.ts'
import { claimCases } from './claim-cases.ts'
import { phaseCases } from './phase-cases.ts'
import { revokedCases } from './revoked-cases.ts'
import { changeCases } from './change-cases.ts'
import { carryCases } from './carry-cases.ts'
import { keyCases } from './key-cases.ts'
import { limitCases } from './limit-cases.ts'
import { recordCases } from './record-cases.ts'
import { renameCases } from './rename-cases.ts'
import { rotationCases } from './rotation-cases.ts'
import { userCases } from './user-cases.ts'

export type { ContractCase, FeedSubject, LoginStoreSubject } from './contract-case.ts'
export { feedCases } from './feed-cases.ts'
export { createTestLogins, type TestLogins, type TestLoginsOptions } from './test-logins.ts'

/**
 * The contract of {@link LoginStore} as tests for any runner.
 *
 * @example
 * ```ts
 * for (const { name, run } of loginStoreCases) {
 *   test(name, () =>
 *     run(() => {
 *       let now = Date.now()
 *       const store = createMyStore({ now: () => now })
 *       return { store, now: () => now, advance: async (ms) => void (now += ms), close: () => store.close() }
 *     })
 *   )
 * }
 * ```
 */
export const loginStoreCases: ReadonlyArray<ContractCase<LoginStoreSubject>> = [
  ...recordCases,
  ...limitCases,
  ...rotationCases,
  ...carryCases,
  ...changeCases,
  ...userCases,
  ...keyCases,
  ...renameCases,
  ...revokedCases
]

/**
 * The contract of {@link AdoptionStore} as tests for any runner: for a store that has `adoptions`, beside
 * {@link loginStoreCases}, and run like these.
 */
export const adoptionCases: ReadonlyArray<ContractCase<LoginStoreSubject>> = [
  ...adoptCases,
  ...claimCases,
  ...phaseCases
]
