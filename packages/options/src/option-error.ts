/**
 * An option is wrong. Thrown when the thing is made, never later. The message names the option, says what it must be
 * and, of what was given, nothing that could be a secret.
 */
export class OptionError extends TypeError {
  readonly code = 'DRAWBRIDGE_OPTION'

  constructor(message: string, options?: ErrorOptions) {
    super(`DRAWBRIDGE_OPTION: ${message}`, options)
    this.name = 'OptionError'
  }
}
