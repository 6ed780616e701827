export { createRedisProviderSessions, type RedisProviderSessionsOptions } from './redis-provider-sessions.ts'
