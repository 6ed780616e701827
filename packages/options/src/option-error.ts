/**
 * An option is wrong. Thrown at creation, never later. The message names the option and its rule, and contains no value
 * that could be a secret.
 */
export class OptionError extends TypeError {
  readonly code = 'DRAWBRIDGE_OPTION'

  constructor(message: string, options?: ErrorOptions) {
    super(`DRAWBRIDGE_OPTION: ${message}`, options)
    this.name = 'OptionError'
  }
}
