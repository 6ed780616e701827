import type { FastifyRequest } from 'fastify'

/** Whether the body of a sign-in, which its schema has checked, asks for a cookie that survives the browser. */
export function isRemembered({ body }: FastifyRequest): boolean {
  return (body as { readonly remember?: unknown }).remember === true
}
