import { statSync } from 'node:fs'

/** The service listens on the socket, and others cannot write to it. */
export default async function socket({ app, path }) {
  const { mode } = statSync(path)
  if ((mode & 0o777) !== 0o660) throw new Error(`the mode of the socket is ${mode.toString(8)}`)
  await app.close()
}
