export { flaskSession } from './flask-session.ts'
export type { FlaskSession, FlaskSessionOptions } from './options.ts'
