/** ioredis puts the arguments of a command into the message where the server does not know it: `AUTH` has a password. */
const ARGUMENTS = /,? with args beginning with: .*/gs

/**
 * What may leave a package of an error that came from a driver: name, code, message, stack, and of its causes the same. A
 * driver hangs more on its errors, as ioredis does the arguments of a command and pg the row, and loggers write all of it.
 */
export function plainError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(withoutArguments(String(error)))
  const { name, message, stack, cause, code } = error as Error & { readonly code?: unknown }
  const plain = new Error(
    withoutArguments(message),
    cause === undefined ? undefined : { cause: plainError(cause) }
  )
  Object.defineProperty(plain, 'name', { value: name, configurable: true, writable: true })
  Object.defineProperty(plain, 'stack', {
    value: withoutArguments(stack ?? ''),
    configurable: true,
    writable: true
  })
  return typeof code === 'string' || typeof code === 'number' ? Object.assign(plain, { code }) : plain
}

const withoutArguments = (text: string) => text.replace(ARGUMENTS, '')
