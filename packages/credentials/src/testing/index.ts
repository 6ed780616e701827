export type { MakeUserStore, UserStoreCase } from './user-store-cases.ts'
export { userStoreCases } from './user-store-cases.ts'
