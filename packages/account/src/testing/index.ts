/* The contract of SpentTokens as tests, for stores of one's own. None of it needs a test runner. */
export { type ContractCase, spentTokensCases, type SpentTokensSubject } from './spent-tokens-cases.ts'
