import { ConfigError } from './config.ts'

/** The system calls that fail when HOST and PORT cannot be listened on. */
const LISTEN_SYSCALLS: ReadonlySet<unknown> = new Set(['listen', 'getaddrinfo'])

/**
 * What a program prints when it cannot start: one line for a mistake in the configuration, and the whole error for
 * what must be a fault of the program.
 */
export function describeBootError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof ConfigError) return error.message
  const { code, syscall } = error as NodeJS.ErrnoException
  if (code === 'DRAWBRIDGE_OPTION') {
    return error.message.replace(/^DRAWBRIDGE_OPTION: /, '').replace('tokenAuth.keys', 'TOKEN_KEYS')
  }
  if (LISTEN_SYSCALLS.has(syscall)) return `HOST and PORT cannot be used: ${error.message}`
  return error.stack ?? error.message
}
