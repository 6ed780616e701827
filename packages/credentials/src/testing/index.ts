export type { MakeUserStore, ContractCase } from './user-store-cases.ts'
export { userStoreCases } from './user-store-cases.ts'
