import type { FastifyHelmetOptions } from '@fastify/helmet'

/**
 * Response headers that restrict what browsers may do (ASVS 5.0 3.4). Only our own files are loaded, no script or
 * style is inline, and no other page may frame ours. helmet adds HSTS of a year, nosniff, no-referrer and the
 * cross-origin policies by itself.
 */
export const securityHeaders: FastifyHelmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"]
    }
  },
  frameguard: { action: 'deny' }
}

/** The page at /docs needs an inline style; its scripts are files, as ours are. */
export function allowInlineStyles(policy: string): string {
  return policy.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
}
