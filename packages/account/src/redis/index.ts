export {
  createRedisSpentTokens,
  type RedisSpentTokens,
  type RedisSpentTokensOptions
} from './redis-spent-tokens.ts'
