/* Of the services in these tests, which run for a minute on this machine. */
export const EXPRESS_SECRET = 'the secret of an express service, for tests'
export const FLASK_SECRET = 'the secret of a Flask service, for tests alone'
export const TOKEN_SECRET = 'the secret of a token service, for tests alone'
export const ROOT_SECRET = 'the root secret of our service, for tests alone'
