export { OptionError } from './option-error.ts'
export { aFunction, instanceWith, parseOptions, UNSHOWN, wholeNumber } from './parse-options.ts'
