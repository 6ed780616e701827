/** What is compared. */
export const KINDS = ['by hand', 'better-auth', 'better-auth, cookieCache', 'Drawbridge'] as const
/** One of {@link KINDS}. */
export type Kind = (typeof KINDS)[number]
