import type { Config } from './config.ts'

const [FORTNIGHT, THIRTY_DAYS] = [1_209_600, 2_592_000]

/** The limits of a login whose cookie survives the browser: in no case shorter than those of the others. */
export function rememberLimits({
  sessionIdleTimeoutSeconds: idle,
  sessionAbsoluteTimeoutSeconds: absolute
}: Pick<Config, 'sessionIdleTimeoutSeconds' | 'sessionAbsoluteTimeoutSeconds'>) {
  return {
    idleTimeoutSeconds: idle === 0 ? 0 : Math.max(idle, FORTNIGHT),
    absoluteTimeoutSeconds: Math.max(absolute, THIRTY_DAYS)
  }
}
