export {
  bearerError as toHttpError,
  insufficientScopeWithChallenge as insufficientScope,
  reauthenticationRequiredWithChallenge as reauthenticationRequired,
  unauthorizedWithChallenge as unauthorized
} from '@drawbridge/carrier'
