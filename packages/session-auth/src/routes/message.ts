/** JSON Schema of an answer that only says what was done. */
export const message = {
  type: 'object',
  required: ['message'],
  properties: { message: { type: 'string' } }
} as const
