/** ioredis puts the arguments of a command into the message where the server does not know it: `AUTH` has a password. */
const ARGUMENTS = /,? with args beginning with: .*/gs

/** A cause may lead back to where it came from. */
const MAX_CAUSES = 5

/**
 * What may leave a package of an error that came from a driver: name, code, message, stack, and of its causes the same. A
 * driver hangs more on its errors, as ioredis does the arguments of a command and pg the row, and loggers write all of it.
 */
export function plainError(error: unknown): Error {
  return plain(error, MAX_CAUSES)
}

function plain(error: unknown, causes: number): Error {
  if (!(error instanceof Error)) return new Error(withoutArguments(String(error)))
  const { name, message, stack, cause, code } = error as Error & { readonly code?: unknown }
  const isLast = cause === undefined || causes === 0
  const made = new Error(withoutArguments(message), isLast ? undefined : { cause: plain(cause, causes - 1) })
  const isHidden = { configurable: true, writable: true }
  Object.defineProperty(made, 'name', { value: name, ...isHidden })
  Object.defineProperty(made, 'stack', { value: withoutArguments(stack ?? ''), ...isHidden })
  return typeof code === 'string' || typeof code === 'number' ? Object.assign(made, { code }) : made
}

const withoutArguments = (text: string) => text.replace(ARGUMENTS, '')
