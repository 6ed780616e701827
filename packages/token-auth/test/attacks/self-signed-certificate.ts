import { createPrivateKey, createPublicKey, sign } from 'node:crypto'
import type { SigningKey } from '../../src/index.ts'

/** The algorithm of the certificate's own signature, as DER (RFC 4055, RFC 5758, RFC 8410). */
const SIGNATURE_ALGORITHMS: Readonly<Record<string, Buffer>> = {
  RSA: sequence(der(0x06, Buffer.from('2a864886f70d01010b', 'hex')), der(0x05)),
  EC: sequence(der(0x06, Buffer.from('2a8648ce3d040302', 'hex'))),
  OKP: sequence(der(0x06, Buffer.from('2b6570', 'hex')))
}

/** An X.509 certificate (RFC 5280) of a key, by itself, in DER. */
export function selfSignedCertificate(key: SigningKey): Buffer {
  const algorithm = SIGNATURE_ALGORITHMS[key.kty as string] as Buffer
  const commonName = sequence(der(0x06, Buffer.from('550403', 'hex')), der(0x0c, Buffer.from('x')))
  const name = sequence(der(0x31, commonName))
  const validity = sequence(utcTime('250101000000Z'), utcTime('490101000000Z'))
  const publicKey = createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'der' })
  const version = der(0xa0, der(0x02, Buffer.of(2)))
  const content = sequence(version, der(0x02, Buffer.of(1)), algorithm, name, validity, name, publicKey)
  const privateKey = createPrivateKey({ key, format: 'jwk' })
  const signature = sign(key.kty === 'OKP' ? null : 'sha256', content, privateKey)
  return sequence(content, algorithm, der(0x03, Buffer.of(0), signature))
}

export function pemOf(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, ...parts)
}

function utcTime(text: string): Buffer {
  return der(0x17, Buffer.from(text))
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  return Buffer.concat([Buffer.of(tag), encodeLength(content), content])
}

function encodeLength({ length }: Buffer): Buffer {
  if (length < 0x80) return Buffer.of(length)
  return length < 0x100 ? Buffer.of(0x81, length) : Buffer.of(0x82, length >> 8, length & 0xff)
}
