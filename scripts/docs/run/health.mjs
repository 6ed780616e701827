import { expect } from '../sign-in.mjs'

/** Both probes pass while the stores respond, and the service closes. */
export default async function health({ app }) {
  await expect(200, app.inject('/health/live'))
  await expect(200, app.inject('/health/ready'))
  await app.close()
}
