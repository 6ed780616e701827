import t from 'tap'
import { userStoreCases } from '../../src/testing/index.ts'
import { createMemoryUserStore } from '../../src/users/memory-user-store.ts'

for (const { name, run } of userStoreCases) t.test(name, () => run(createMemoryUserStore))
