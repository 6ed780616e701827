/*
 * The contracts of LoginStore and Feed as tests, for drivers of one's own. They need no test runner:
 *
 *   for (const { name, run } of loginStoreCases) test(name, () => run(makeMyStore))
 */
import type { ContractCase, LoginStoreSubject } from './contract-case.ts'
import { revokedCases } from './revoked-cases.ts'
import { limitCases } from './limit-cases.ts'
import { recordCases } from './record-cases.ts'
import { rotationCases } from './rotation-cases.ts'
import { userCases } from './user-cases.ts'

export type { ContractCase, FeedSubject, LoginStoreSubject } from './contract-case.ts'
export { feedCases } from './feed-cases.ts'

export const loginStoreCases: ReadonlyArray<ContractCase<LoginStoreSubject>> = [
  ...recordCases,
  ...limitCases,
  ...rotationCases,
  ...userCases,
  ...revokedCases
]
