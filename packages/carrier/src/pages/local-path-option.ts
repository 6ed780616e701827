import * as v from 'valibot'
import { isLocalPath } from './local-path.ts'

/** Schema of an option that is a page of this origin. */
export const localPathOption = v.custom<string>(
  (value) => isLocalPath(value) && !value.includes('#'),
  'must be a path of this origin like "/login"'
)
