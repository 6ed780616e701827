import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

/** A key and a certificate that is its own authority, for 127.0.0.1 and localhost. */
export function createCertificate(folder: string): { readonly key: string; readonly cert: string } {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const names = 'subjectAltName=IP:127.0.0.1,DNS:localhost'
  const ask = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  const files = ['-keyout', key, '-out', cert]
  execFileSync('openssl', [...ask, ...files, '-subj', '/CN=test', '-addext', names], { stdio: 'ignore' })
  return { key, cert }
}
