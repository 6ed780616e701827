export { OptionError } from './option-error.ts'
export { decidedSettings, ownClient } from './own-client.ts'
export { aFunction, instanceWith, parseOptions, UNSHOWN, wholeNumber } from './parse-options.ts'
export { plainError } from './plain-error.ts'
