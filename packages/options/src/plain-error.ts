/** Redis repeats the arguments of an unknown command in its error message: those of `AUTH` include a password. */
const ARGUMENTS = /,? with args beginning with: .*/gs

/** A chain of causes may be circular. */
const MAX_CAUSES = 5

/**
 * Copies only name, code, message and stack of a driver's error, and the same of its causes. Drivers add more members,
 * such as the arguments of a command (ioredis) or the row (pg), and loggers would write all of them.
 */
export function plainError(error: unknown): Error {
  return toPlainError(error, MAX_CAUSES)
}

function toPlainError(error: unknown, maxCauses: number): Error {
  if (!(error instanceof Error)) return new Error(withoutArguments(String(error)))
  const { name, message, stack, cause, code } = error as Error & { readonly code?: unknown }
  const isLast = cause === undefined || maxCauses === 0
  const copy = new Error(
    withoutArguments(message),
    isLast ? undefined : { cause: toPlainError(cause, maxCauses - 1) }
  )
  const hidden = { configurable: true, writable: true }
  Object.defineProperty(copy, 'name', { value: name, ...hidden })
  Object.defineProperty(copy, 'stack', { value: withoutArguments(stack ?? ''), ...hidden })
  return typeof code === 'string' || typeof code === 'number' ? Object.assign(copy, { code }) : copy
}

const withoutArguments = (text: string) => text.replace(ARGUMENTS, '')
