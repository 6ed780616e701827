/** Runs `action` when the signal aborts: at once, where it has already. */
export function onAbort(signal: AbortSignal, action: () => void): void {
  if (signal.aborted) action()
  else signal.addEventListener('abort', action, { once: true })
}

/** How long a client may take to notice the end, ms: who does not read would otherwise stay connected. */
export const CLOSE_TIMEOUT_MS = 1000

/** The code of the reason of an aborted signal, such as `DRAWBRIDGE_LOGIN_REVOKED`; undefined for one of the platform. */
export function codeOf({ reason }: AbortSignal): string | undefined {
  const { code } = (reason ?? {}) as { readonly code?: unknown }
  return typeof code === 'string' ? code : undefined
}
