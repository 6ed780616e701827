export { expressSession } from './express-session.ts'
export type { ExpressSessionOptions } from './options.ts'
export { redisRows, type RedisCommands, type RedisRowsOptions } from './redis-rows.ts'
export type { SessionRow, SessionStore } from './session-store.ts'
