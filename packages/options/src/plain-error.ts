/** ioredis puts the arguments of a command into the message where the server does not know it: `AUTH` has a password. */
const ARGUMENTS = /,? with args beginning with: .*/gs

/** A cause may lead back to where it came from. */
const MAX_CAUSES = 5

/**
 * What may leave a package of an error that came from a driver: name, code, message, stack, and of its causes the same. A
 * driver hangs more on its errors, as ioredis does the arguments of a command and pg the row, and loggers write all of it.
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
