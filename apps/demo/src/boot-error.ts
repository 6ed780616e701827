import { ConfigError } from './config.ts'

/** What Node was about when an address could not be listened at. */
const LISTEN_SYSCALLS: ReadonlySet<unknown> = new Set(['listen', 'getaddrinfo'])

/**
 * What a person is told when a program does not start: one line for what they can set right themselves, and the
 * whole error for what must be a fault of the program.
 */
export function describeBootError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof ConfigError) return error.message
  const { code, syscall } = error as NodeJS.ErrnoException
  if (code === 'DRAWBRIDGE_OPTION') {
    return error.message.replace(/^DRAWBRIDGE_OPTION: /, '').replace('tokenAuth.keys', 'TOKEN_KEYS')
  }
  if (LISTEN_SYSCALLS.has(syscall)) return `HOST and PORT cannot be listened at: ${error.message}`
  return error.stack ?? error.message
}
